from channels.x.channel import XChannel

__all__ = ["XChannel"]
