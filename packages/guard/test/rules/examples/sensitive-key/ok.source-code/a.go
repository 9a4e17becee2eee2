const password = getPassword();
const token = "abcdefgh12345678";
