"""An alimony file is deleted by an approved erasure only; the application itself can delete none."""

from django.db import migrations

FORWARD = """
CREATE TRIGGER erased_only_when_approved BEFORE UPDATE OR DELETE ON cases_alimonyfile
    FOR EACH ROW EXECUTE FUNCTION retention_guard('alimony_file');
REVOKE DELETE, TRUNCATE ON cases_alimonyfile FROM secal_app;
"""

REVERSE = """
GRANT DELETE ON cases_alimonyfile TO secal_app;
DROP TRIGGER erased_only_when_approved ON cases_alimonyfile;
"""


class Migration(migrations.Migration):
    dependencies = [("retention", "0002_watch_over_erasures"), ("cases", "0003_history_stays")]
    operations = [migrations.RunSQL(sql=FORWARD, reverse_sql=REVERSE)]
