"""What Alembic runs: the revisions, on the connection that ``records.upgrade`` hands over."""

from alembic import context

from cancerapy.records.tables import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    transactional_ddl=True,  # SQLite can; a killed upgrade leaves the tables as they were
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
