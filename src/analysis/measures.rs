//! Which measures are in force on a day.

use jiff::civil::Date;

use crate::domain::{OrderState, Record};

/// A restriction that was put in force and whose dates include the day.
pub fn is_in_force(order: &Record, day: Date) -> bool {
    OrderState::InForce.is_of(order) && order.validity().includes(day)
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use jiff::civil::date;

    use super::*;
    use crate::domain::{Ids, Kind, Stamp, Value};

    #[test]
    fn an_order_is_in_force_from_its_first_day_to_its_last_and_never_while_it_is_a_draft() {
        let stamp = Stamp { actor: "甲".into(), at: Timestamp::UNIX_EPOCH };
        let id = Ids::new(Timestamp::UNIX_EPOCH, 1).next();
        let mut order = Record::new(id, Kind::Restriction, &stamp);
        order.set("valid_from", Some(Value::Date(date(2026, 12, 1))));
        order.set("valid_to", Some(Value::Date(date(2027, 3, 15))));
        assert!(!is_in_force(&order, date(2026, 12, 1)));
        OrderState::InForce.put(&mut order);
        let days = [(2026, 11, 30), (2026, 12, 1), (2027, 3, 15), (2027, 3, 16)];
        let holds = days.map(|(year, month, day)| is_in_force(&order, date(year, month, day)));
        assert_eq!(holds, [false, true, true, false]);
    }
}
