curl "https://api.telegram.org/bot@@telegram-bot@@/sendMessage"
