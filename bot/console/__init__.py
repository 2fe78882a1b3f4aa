from bot.console.routes import create_console

__all__ = ["create_console"]
