"""Through whom a step was entered."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="steptaken",
            name="through",
            field=models.CharField(blank=True, default="", max_length=150),
            preserve_default=False,
        )
    ]
