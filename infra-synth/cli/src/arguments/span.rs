use std::time::Duration;

/// A length of time as a number and its unit.
pub(super) fn span(text: &str) -> Result<Duration, String> {
    let expected = || "expected a number and s, m, h or d, such as `10m`".to_owned();
    let unit = text.chars().last().ok_or_else(expected)?;
    let seconds = match unit {
        's' => 1,
        'm' => 60,
        'h' => 3_600,
        'd' => 86_400,
        _ => return Err(expected()),
    };
    let count: u32 = text[..text.len() - 1].parse().map_err(|_| expected())?;
    Ok(Duration::from_secs(u64::from(count) * seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_a_number_and_a_unit() {
        assert_eq!(span("10m"), Ok(Duration::from_secs(600)));
        assert_eq!(span("2d"), Ok(Duration::from_secs(172_800)));
        for wrong in ["", "m", "10", "-1m", "1.5h", "10é"] {
            assert!(span(wrong).is_err(), "{wrong}");
        }
    }
}
