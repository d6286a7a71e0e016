"""The account of the machine from which each step was entered."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0002_through")]

    operations = [
        migrations.AddField(
            model_name="steptaken",
            name="account",
            field=models.CharField(blank=True, default="", max_length=150),
            preserve_default=False,
        ),
    ]
