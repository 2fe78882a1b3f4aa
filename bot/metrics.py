"""Figures of /metrics, by Prometheus' conventions. Counted in this process; gauges are read from the database."""

from prometheus_client import Counter, Histogram

ACCEPTED = Counter("answerdesk_accepted_total", "Messages and actions written to the inbox.", ["channel"])
REPEATED = Counter("answerdesk_repeated_total", "Events that had been accepted before.", ["channel"])
DECISIONS = Counter("answerdesk_decisions_total", "Turns handled, by decision.", ["decision"])
CHOICES = Counter("answerdesk_choices_total", "Offered choices that customers took, by kind.", ["kind"])
BESIDE = Counter("answerdesk_pages_beside_total", "Pages shown beside a person to whom a question was handed over.")
EXPIRED = Counter("answerdesk_expired_leases_total", "Turns and messages freed because who held them died.", ["table"])
DELIVERIES = Counter("answerdesk_deliveries_total", "Attempts to deliver, by result.", ["channel", "result"])
READER = Counter(
    "answerdesk_reader_questions_total", "Questions a reader could be asked, by what came of it.", ["result"]
)
READER_TOKENS = Counter("answerdesk_reader_tokens_total", "Tokens that readers took, in and out.", ["direction"])
READER_SECONDS = Histogram(
    "answerdesk_reader_seconds", "Seconds that a reader took to reply.", buckets=(0.1, 0.25, 0.5, 1, 2, 4, 8, 16)
)
