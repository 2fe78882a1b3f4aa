import asyncio
from dataclasses import asdict
from datetime import UTC, datetime

import typer

from bot.cli.options import AsJson, Config, print_json


def doctor(config: Config = None, as_json: AsJson = False) -> None:
    """Look for what could strand a customer; exit code 1 when there is something."""
    from bot.health.checks import run_checks
    from bot.settings import Settings

    findings = asyncio.run(run_checks(Settings.read(config), datetime.now(UTC)))
    if as_json:
        print_json([asdict(finding) for finding in findings])
    else:
        for finding in findings:
            print(f"{'ok ' if finding.is_well else '!! '} {finding.about}: {finding.what}")
            if finding.cure:
                print(f"    {finding.cure}")
    if not all(finding.is_well for finding in findings):
        raise typer.Exit(1)
