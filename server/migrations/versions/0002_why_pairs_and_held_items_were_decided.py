"""Keep why duplicate pairs and held items were decided, and which record stands instead of a duplicate."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    with op.batch_alter_table("duplicate", schema=None) as batch_op:
        batch_op.add_column(sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(text_column("comment"))
        batch_op.create_index("duplicate_right", ["town_id", "right_id"], unique=False)
        batch_op.create_index("duplicate_state", ["town_id", "state", "found_at"], unique=False)

    with op.batch_alter_table("held_item", schema=None) as batch_op:
        batch_op.add_column(sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("decided_seq", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(text_column("comment"))
        batch_op.add_column(text_column("taken_as"))
        batch_op.create_index("held_item_decided", ["town_id", "user_id", "decided_seq"], unique=False)
        batch_op.create_index("held_item_deprecated", ["town_id", "deprecated_id"], unique=False)
        batch_op.create_index("held_item_state", ["town_id", "state", "outcome", "received_at"], unique=False)

    with op.batch_alter_table("submission", schema=None) as batch_op:
        batch_op.add_column(text_column("duplicate_of"))


def text_column(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=False, server_default="")
