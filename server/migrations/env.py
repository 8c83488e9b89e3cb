"""What Alembic runs: our tables, on the connection that `upgrade` opened; batch mode for SQLite."""

from alembic import context

from server import models  # noqa: F401 - fills the metadata
from server.database import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
