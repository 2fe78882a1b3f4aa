import asyncio
from pathlib import Path

from bot.store.engine.sqlite import connect


async def test_a_connection_that_is_stopped_while_it_is_being_closed_is_closed(tmp_path: Path) -> None:
    connection = await connect(str(tmp_path / "a.db"))
    closing = asyncio.create_task(connection.close())
    await asyncio.sleep(0)  # it has asked the thread to close
    stopped = connection.stop()
    assert stopped is not None
    await asyncio.wait_for(asyncio.gather(closing, stopped), 20)
    again = connection.stop()
    assert again is not None
    await asyncio.wait_for(again, 20)
