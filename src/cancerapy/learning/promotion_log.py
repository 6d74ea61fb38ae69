"""What the audit log says of a promotion: how a challenger was judged, and that it is served."""

from cancerapy.bundle.serving import decide_served
from cancerapy.bundle.store import default_root
from cancerapy.learning.verdict import Verdict
from cancerapy.records import open_records
from cancerapy.records.audit import write_entry
from cancerapy.settings import Settings


def audit_judgement(
    settings: Settings, champion: str, challenger: str, verdict: Verdict, actor: str, written: str
) -> None:
    """Write into the audit log what was decided, on which grounds, and whether with an override.

    What a person wrote stands in the decision and in the history of what was served, never here,
    since the log can never lose a name; it holds the digest of the decision. It does not say that
    the challenger is served: another may be put there first, see ``serve_audited``.

    Args:
        settings: Folders of the records.
        champion: Name of the served bundle.
        challenger: Name of the other.
        verdict: What was found.
        actor: Who decides.
        written: SHA-256 of the written decision.

    Raises:
        RecordsError: The database does not answer.
    """
    records = open_records(settings)
    try:
        with records.writing() as session:
            write_entry(
                session,
                actor,
                "model.judge",
                "model",
                challenger,
                champion=champion,
                accepted=verdict.is_accepted,
                grounds=verdict.grounds,
                unjudged_accepted=bool(verdict.accept_unjudged) and not verdict.is_own_judged,
                own_patients=verdict.own.n_groups,
                own_version=verdict.version,
                decision_sha256=written,
            )
    finally:
        records.close()


def serve_audited(
    settings: Settings,
    cancer: str,
    challenger: str,
    champion: str,
    because: str,
    actor: str,
    written: str,
) -> None:
    """Serve a challenger and write that into the audit log; both, or neither if it is refused.

    Args:
        settings: Folders of bundles and records.
        cancer: Cancer id.
        challenger: Name of the bundle that is served from then on.
        champion: Name of the one that it was compared with.
        because: Why, for the history.
        actor: Who decides.
        written: SHA-256 of the written decision.

    Raises:
        BundleError: Another bundle was promoted meanwhile.
        RecordsError: The database does not answer.
    """
    root = settings.bundles or default_root()
    records = open_records(settings)
    try:
        with records.writing() as session:
            write_entry(
                session,
                actor,
                "model.serve",
                "model",
                challenger,
                before=champion,
                decision_sha256=written,
            )
            # Inside the transaction: where another came first, the entry goes with the error.
            decide_served(root, cancer, challenger, before=champion, because=because)
    finally:
        records.close()
