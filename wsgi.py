"""The server's entry: `python wsgi.py` serves, `flask --app wsgi` commands it, a WSGI server finds `app`."""

import sys

from server.app import create_app
from server.config import ConfigError
from server.serve import main

if __name__ == "__main__":
    main()
else:
    try:
        app = create_app()
    except ConfigError as error:
        sys.exit(str(error))
