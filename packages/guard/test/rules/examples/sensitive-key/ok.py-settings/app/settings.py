SECRET_KEY = os.environ.get("SECRET_KEY")
AUTH_USER_MODEL = "users.User"
PASSWORD_HASHERS = ["a.b.C"]
LOGIN_URL = "/login"
EMAIL_HOST_PASSWORD = env("EMAIL_PASSWORD")
REST_FRAMEWORK = {"DEFAULT_AUTHENTICATION_CLASSES": ("rest_framework.authentication.TokenAuthentication",)}
CSRF_COOKIE_NAME = "csrftoken"
