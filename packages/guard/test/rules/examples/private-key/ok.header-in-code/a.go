if (text.startsWith("-----BEGIN PRIVATE KEY-----")) parse();
