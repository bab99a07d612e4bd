"""The command line, one module per family of commands; help texts are Chinese."""
