set TOKEN=%GITHUB_TOKEN%
set /p PASSWORD=Enter password:
