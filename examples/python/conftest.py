pytest_plugins = ["crs_local"]
