//! Whether the table and the country databases agree, and what makes them.

use std::collections::BTreeMap;

use anyhow::Result;
use infra_synth_operations::{Difference, Finding, Mending, Rate, Reconciliation, Records, Summary};
use jiff::Timestamp;
use schedule_core::Moment;
use serde_json::{Value, json};

use crate::arguments::{ListFormat, ReconcileArguments, StageArguments};
use crate::gate::GateFailed;
use crate::{output, waiting};

/// What a screen has room for; the rest is counted.
const SHOWN_OF_A_DIFFERENCE: usize = 10;

pub(crate) fn run(stage: &StageArguments, arguments: &ReconcileArguments) -> Result<()> {
    #[cfg(feature = "local")]
    if let Some(folder) = arguments.system.data_folder(stage) {
        let records = infra_synth_local::LocalRecords::of(folder);
        return waiting::run(reconcile(&records, arguments));
    }
    #[cfg(feature = "aws")]
    return waiting::run(async {
        let database_url = arguments.database_url.as_deref();
        let records = super::aws::operations::records(stage, &arguments.system.stack, database_url).await?;
        reconcile(&records, arguments).await
    });
    #[cfg(not(feature = "aws"))]
    super::without_aws(stage)
}

async fn reconcile(records: &impl Records, arguments: &ReconcileArguments) -> Result<()> {
    let since = match arguments.since {
        Some(age) => Some(Moment::new(Timestamp::now().checked_sub(age)?)),
        None => None,
    };
    let rate = Rate::per_second(arguments.rate)?;
    let reconciliation = Reconciliation {
        since,
        mends: arguments.apply.then_some(rate),
    };
    let mut report = Report::new(arguments.format);
    let mut tell = |finding: &Finding| report.tell(finding);
    let summary = reconciliation
        .run(records, &waiting::Clock, Timestamp::now, &mut tell)
        .await;
    report.written?;
    let summary = summary?;
    output::data(&match arguments.format {
        ListFormat::Text => text(&summary),
        ListFormat::Json => format!("{}\n", summary_json(&summary)),
    })?;
    if arguments.fail_on_difference && summary.left() > 0 {
        return Err(GateFailed(format!("{} left", count(summary.left()))).into());
    }
    Ok(())
}

/// Writes each difference as it is found, so that no number of them is too many.
struct Report {
    format: ListFormat,
    shown: BTreeMap<Difference, usize>,
    written: Result<()>,
}

impl Report {
    fn new(format: ListFormat) -> Self {
        Self {
            format,
            shown: BTreeMap::new(),
            written: Ok(()),
        }
    }

    fn tell(&mut self, finding: &Finding) {
        let shown = self.shown.entry(finding.difference).or_default();
        *shown += 1;
        let line = match self.format {
            ListFormat::Json => format!("{}\n", finding_json(finding)),
            // A failure is shown always: it is what somebody has to do something about.
            ListFormat::Text if *shown <= SHOWN_OF_A_DIFFERENCE || is_failure(finding) => line(finding),
            ListFormat::Text => return,
        };
        if self.written.is_ok() {
            self.written = output::data(&line);
        }
    }
}

fn is_failure(finding: &Finding) -> bool {
    matches!(finding.mending, Some(Mending::Failed(_)))
}

fn line(finding: &Finding) -> String {
    let id = finding.appointment_id.map(|id| id.to_string());
    let accepted = finding
        .created
        .map(|created| format!("  accepted {created}"))
        .unwrap_or_default();
    let mending = match &finding.mending {
        None => String::new(),
        Some(Mending::Done) => "  mended".to_owned(),
        Some(Mending::NotNeeded) => "  right by now".to_owned(),
        Some(Mending::Failed(reason)) => format!("  NOT mended: {reason}"),
    };
    format!(
        "{}  {}  {}{accepted}{mending}\n",
        finding.difference.name(),
        id.as_deref().unwrap_or("(a key that is no appointment's)"),
        finding.country
    )
}

fn text(summary: &Summary) -> String {
    let mut text = format!(
        "compared {} appointments of the table with {} rows; {} on their way\n",
        summary.appointments, summary.rows, summary.on_their_way
    );
    for (difference, number) in &summary.differences {
        text.push_str(&format!(
            "{number} {}: {}\n",
            difference.name(),
            difference.remedy()
        ));
        if *number > SHOWN_OF_A_DIFFERENCE {
            text.push_str("  not all are shown: --format json has all\n");
        }
    }
    if summary.unreadable > 0 {
        text.push_str(&format!(
            "{} items of the table do not read as appointments and were left out\n",
            summary.unreadable
        ));
    }
    if summary.differences.is_empty() {
        text.push_str("they agree\n");
    } else if summary.mended > 0 {
        text.push_str(&format!(
            "{} mended; what was announced again has its row in a moment: say the command again\n",
            count(summary.mended)
        ));
    }
    text
}

fn count(differences: usize) -> String {
    match differences {
        1 => "1 difference".to_owned(),
        differences => format!("{differences} differences"),
    }
}

fn finding_json(finding: &Finding) -> Value {
    let (mending, reason) = match &finding.mending {
        None => (None, None),
        Some(Mending::Done) => (Some("done"), None),
        Some(Mending::NotNeeded) => (Some("notNeeded"), None),
        Some(Mending::Failed(reason)) => (Some("failed"), Some(reason)),
    };
    json!({
        "difference": finding.difference.name(),
        "appointmentId": finding.appointment_id,
        "countryISO": finding.country,
        "dateCreated": finding.created,
        "mending": mending,
        "reason": reason,
    })
}

fn summary_json(summary: &Summary) -> Value {
    let differences: BTreeMap<&str, usize> = summary
        .differences
        .iter()
        .map(|(difference, number)| (difference.name(), *number))
        .collect();
    json!({"summary": {
        "appointments": summary.appointments,
        "rows": summary.rows,
        "onTheirWay": summary.on_their_way,
        "unreadable": summary.unreadable,
        "differences": differences,
        "mended": summary.mended,
        "left": summary.left(),
    }})
}
