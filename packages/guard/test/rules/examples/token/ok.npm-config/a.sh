npm_config_registry=https://x
npm_lifecycle_event=test
