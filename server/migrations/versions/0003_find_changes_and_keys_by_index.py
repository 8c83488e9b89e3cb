"""Find changes of a list by their state, and business keys by their record, by index."""

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    with op.batch_alter_table("entity_change", schema=None) as batch_op:
        batch_op.drop_index("entity_change_seq")
        batch_op.create_index("entity_change_state", ["town_id", "list_name", "state", "seq"], unique=False)
    with op.batch_alter_table("submission_key", schema=None) as batch_op:
        batch_op.create_index("submission_key_root", ["town_id", "root_id"], unique=False)
