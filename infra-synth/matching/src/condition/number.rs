/// A JSON number: integers stay exact, so that an account id beyond 2^53 equals only itself.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Number {
    /// Any integer that JSON text of 64 bits holds, signed or not.
    Integer(i128),
    /// Anything written with a fraction or an exponent.
    Float(f64),
}

impl Number {
    pub(crate) fn as_f64(self) -> f64 {
        match self {
            #[expect(
                clippy::cast_precision_loss,
                reason = "compared with bounds far below 2^53 only"
            )]
            Number::Integer(integer) => integer as f64,
            Number::Float(float) => float,
        }
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Number) -> bool {
        match (self, other) {
            (Number::Integer(left), Number::Integer(right)) => left == right,
            (Number::Float(left), Number::Float(right)) => left == right,
            (Number::Integer(integer), Number::Float(float))
            | (Number::Float(float), Number::Integer(integer)) => is_exactly(*float, *integer),
        }
    }
}

/// Whether the two are one number: an integer beyond 2^53 is none of the fractions that are nearest to it.
#[expect(
    clippy::cast_possible_truncation,
    reason = "an integer of 64 bits is within 128, and what is not is cut off to a bound that is none of 64"
)]
fn is_exactly(float: f64, integer: i128) -> bool {
    float.fract() == 0.0 && float as i128 == integer
}

impl From<&serde_json::Number> for Number {
    fn from(number: &serde_json::Number) -> Number {
        if let Some(integer) = number.as_i64() {
            Number::Integer(i128::from(integer))
        } else if let Some(integer) = number.as_u64() {
            Number::Integer(i128::from(integer))
        } else {
            Number::Float(number.as_f64().unwrap_or(f64::NAN))
        }
    }
}

/// The interval of a `numeric` operator.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Interval {
    pub(super) lower: Option<Bound>,
    pub(super) upper: Option<Bound>,
}

/// One end of an interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Bound {
    pub(super) at: f64,
    pub(super) inclusive: bool,
}

impl Interval {
    pub(super) fn contains(&self, number: Number) -> bool {
        let number = number.as_f64();
        let above = self
            .lower
            .is_none_or(|lower| number > lower.at || (lower.inclusive && number == lower.at));
        let below = self
            .upper
            .is_none_or(|upper| number < upper.at || (upper.inclusive && number == upper.at));
        above && below
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_integer_beyond_two_to_the_53_equals_only_itself() {
        assert_eq!(
            Number::Integer(9_007_199_254_740_993),
            Number::Integer(9_007_199_254_740_993)
        );
        assert_ne!(
            Number::Integer(9_007_199_254_740_993),
            Number::Integer(9_007_199_254_740_992)
        );
        assert_ne!(
            Number::Integer(9_007_199_254_740_993),
            Number::Float(9_007_199_254_740_992.0)
        );
    }

    #[test]
    fn three_hundred_is_the_same_number_with_and_without_a_fraction() {
        assert_eq!(Number::Integer(300), Number::Float(3.0e2));
        assert_ne!(Number::Integer(300), Number::Float(300.5));
    }

    #[test]
    fn an_open_end_leaves_its_bound_out() {
        let interval = Interval {
            lower: Some(Bound {
                at: 0.0,
                inclusive: false,
            }),
            upper: Some(Bound {
                at: 5.0,
                inclusive: true,
            }),
        };
        assert!(!interval.contains(Number::Integer(0)));
        assert!(interval.contains(Number::Float(0.1)));
        assert!(interval.contains(Number::Integer(5)));
        assert!(!interval.contains(Number::Float(5.1)));
    }
}
