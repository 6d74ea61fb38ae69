"""``cancerapy people``: the accounts of this server's records."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from cancerapy.records import Records

ACTOR = "cli"
"""How the audit log names whoever can run commands on this machine."""

_NAME = typer.Argument(help="Name of the account.")

app = typer.Typer(add_completion=False, rich_markup_mode=None, no_args_is_help=True)


@app.callback()
def people() -> None:
    """Add, list and close the accounts that may use the records.

    A server that other machines reach asks everybody to sign in. The first administrator is made
    here.

    For example:

      cancerapy people add jane --role administrator

      cancerapy people list
    """


@app.command()
def add(
    name: Annotated[str, _NAME],
    role: Annotated[str, typer.Option(help="patient, clinician, reviewer or administrator.")],
    patient: Annotated[
        str | None, typer.Option(help="Id of the patient's record, for the role patient.")
    ] = None,
    subject: Annotated[
        str | None,
        typer.Option(help="The sign-in provider's subject of the person; no password is asked."),
    ] = None,
) -> None:
    """Add an account; its password is asked for, or read as one line from a pipe.

    For example:

      cancerapy people add jane --role administrator

      cancerapy people add sam --role clinician --subject 248289761001
    """
    from cancerapy.people.accounts import NewAccount, add_account, parse_role

    parsed = parse_role(role)
    password = None if subject else _ask_password()
    account = add_account(_open(), NewAccount(name, parsed, password, patient, subject), ACTOR)
    typer.echo(f"{account.name} ({account.role}) can sign in.")


@app.command("list")
def list_() -> None:
    """List the accounts: name, role, whether open, how they sign in."""
    from cancerapy.people.accounts import list_accounts

    with _open().reading() as session:
        accounts = list_accounts(session)
    if not accounts:
        typer.echo("No account yet. Add one: cancerapy people add NAME --role administrator")
        return
    width = max(len(account.name) for account in accounts)
    for account in accounts:
        ways = [
            *(["password"] if account.password_hash else []),
            *([f"provider ({account.subject})"] if account.subject else []),
        ]
        state = "open" if account.is_active else "closed"
        typer.echo(
            f"{account.name.ljust(width)}  {account.role:<13}  {state:<6}  "
            f"{account.created_at:%Y-%m-%d}  {', '.join(ways) or 'tokens only'}"
        )


@app.command()
def disable(name: Annotated[str, _NAME]) -> None:
    """Close an account; its tokens end at once, what it did stays."""
    from cancerapy.people.accounts import set_active

    typer.echo(f"{set_active(_open(), name, active=False, actor=ACTOR).name} is closed.")


@app.command()
def enable(name: Annotated[str, _NAME]) -> None:
    """Open a closed account again; the person has to sign in anew."""
    from cancerapy.people.accounts import set_active

    typer.echo(f"{set_active(_open(), name, active=True, actor=ACTOR).name} is open.")


@app.command()
def password(name: Annotated[str, _NAME]) -> None:
    """Give an account another password; its tokens end at once."""
    from cancerapy.people.accounts import get_account, set_password

    records = _open()
    with records.reading() as session:
        account_id = get_account(session, name).id
    n_ended = set_password(records, account_id, _ask_password(), actor=ACTOR)
    typer.echo(f"The password is changed; {n_ended} sign-ins or tokens ended.")


@app.command()
def token(
    name: Annotated[str, _NAME],
    days: Annotated[float, typer.Option(help="How long it holds; at most 366.")] = 90,
    label: Annotated[str, typer.Option(help="What it is for.")] = "made on the command line",
) -> None:
    """Print a token of an account, for a script; it is shown this once.

    For example:

      cancerapy people token archive --days 30 --label 'nightly import'
    """
    from cancerapy.people.accounts import get_account
    from cancerapy.people.tokens import check_lifetime, issue_token
    from cancerapy.records.audit import write_entry

    lasts = check_lifetime(days)
    with _open().writing() as session:
        account = get_account(session, name)
        issued = issue_token(session, account.id, lasts=lasts, label=label)
        write_entry(session, ACTOR, "token.issue", "account", account.id, days=days)
    typer.echo(f"Holds until {issued.expires_at:%Y-%m-%d %H:%M} UTC:", err=True)
    typer.echo(issued.token)


@app.command()
def revoke(name: Annotated[str, _NAME]) -> None:
    """End every token and sign-in of an account; it stays open."""
    from cancerapy.people.accounts import get_account
    from cancerapy.people.tokens import revoke_tokens
    from cancerapy.records.audit import write_entry

    with _open().writing() as session:
        account = get_account(session, name)
        n_ended = revoke_tokens(session, account.id)
        write_entry(session, ACTOR, "token.revoke", "account", account.id, tokens_ended=n_ended)
    typer.echo(f"{n_ended} tokens ended.")


def _open() -> "Records":
    from cancerapy.records import open_records
    from cancerapy.settings import load_settings

    return open_records(load_settings())


def _ask_password() -> str:
    """Return a password that was typed twice without being shown, or one line from a pipe."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    typed: str = typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    return typed
