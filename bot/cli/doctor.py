import asyncio
from datetime import UTC, datetime

import typer

from bot.cli.options import AsJson, Config, print_json


def doctor(config: Config = None, as_json: AsJson = False) -> None:
    """Look for what could strand a customer; exit code 1 when there is something."""
    from bot.health.checks import run_checks
    from bot.settings import Settings

    findings = asyncio.run(run_checks(Settings.read(config), datetime.now(UTC)))
    if as_json:
        print_json([finding.as_json() for finding in findings])
    else:
        for finding in findings:
            print(f"{'ok ' if finding.ok else '!! '} {finding.subject}: {finding.message}")
            if finding.remedy:
                print(f"    {finding.remedy}")
    if not all(finding.ok for finding in findings):
        raise typer.Exit(1)
