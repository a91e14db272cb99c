/// How the system is used, and how large things are: what no template says.
#[derive(Debug, Clone, PartialEq)]
pub struct Usage {
    /// Appointments made in a month.
    pub appointments: f64,
    /// How often the list of an insured person is read, and as often one appointment, for each appointment made.
    pub reads_per_appointment: f64,
    /// How many appointments a read lists.
    pub appointments_per_read: f64,
    /// How large an appointment is, as an item, a message or a response, in KiB.
    pub appointment_kib: f64,
    /// How many months appointments stay in the table.
    pub months_kept: f64,
    /// How many messages a function gets at once; 1 is the most expensive.
    pub messages_per_batch: f64,
    /// How long a function that the API calls runs, in ms.
    pub http_ms: f64,
    /// How long a function takes for a batch, in ms.
    pub batch_ms: f64,
    /// How much a function logs for each call, with Lambda's own lines, in KiB.
    pub log_kib: f64,
    /// In how many availability zones an interface endpoint stands; the template leaves the subnets open.
    pub availability_zones: f64,
}

impl Default for Usage {
    /// A million appointments a month, each read once.
    fn default() -> Self {
        Self {
            appointments: 1_000_000.0,
            reads_per_appointment: 1.0,
            appointments_per_read: 5.0,
            appointment_kib: 1.0,
            months_kept: 12.0,
            messages_per_batch: 1.0,
            http_ms: 15.0,
            batch_ms: 25.0,
            log_kib: 1.0,
            availability_zones: 2.0,
        }
    }
}

impl Usage {
    /// The usage in words, one assumption a line.
    pub(super) fn assumptions(&self) -> Vec<String> {
        vec![
            format!("{} a month, each read {} as one of {}, and as often by itself where there is a route for that", counted(self.appointments, "appointment"), counted(self.reads_per_appointment, "time"), self.appointments_per_read),
            format!("an appointment is {} KiB wherever it is, and stays in the table for {}", self.appointment_kib, counted(self.months_kept, "month")),
            format!("a message goes to one of the subscriptions that filter, in equal shares, and to each that does not; {} a batch", counted(self.messages_per_batch, "message")),
            format!("functions run {} ms a request and {} ms a batch, and log {} KiB a call", self.http_ms, self.batch_ms, self.log_kib),
            format!("an interface endpoint stands in {}", counted(self.availability_zones, "availability zone")),
            "queues are polled without a pause by five long polls of 20 s for each function that consumes them".to_owned(),
            "no free tier, no discount, nothing for failures, for the database, for reading secrets, which functions keep, or for requests to keys that AWS manages".to_owned(),
        ]
    }
}

/// A number of things: `1 message`, `2 messages`, `1,000,000 messages`.
fn counted(number: f64, thing: &str) -> String {
    let plural = if (number - 1.0).abs() < f64::EPSILON {
        ""
    } else {
        "s"
    };
    format!("{} {thing}{plural}", grouped(number))
}

/// The number with a comma between its thousands.
fn grouped(number: f64) -> String {
    let plain = number.to_string();
    let (whole, rest) = plain
        .split_once('.')
        .map_or((plain.as_str(), String::new()), |(whole, part)| {
            (whole, format!(".{part}"))
        });
    let mut text = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    text + &rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_one_and_thousands_are_grouped() {
        assert_eq!(counted(1.0, "message"), "1 message");
        assert_eq!(counted(0.0, "message"), "0 messages");
        assert_eq!(counted(2.5, "message"), "2.5 messages");
        assert_eq!(counted(1_000_000.0, "message"), "1,000,000 messages");
        assert_eq!(counted(100.0, "message"), "100 messages");
    }
}
