password = getpass.getpass()
token = os.environ["TOKEN"]
API_KEY = settings.API_KEY
