//! Exempts trucks with a pass, so that a site that is cut off is reached.

use std::sync::Arc;

use crate::domain::{Change, Edit, Record, RecordId, Value};
use crate::network::passes::to_exempt;
use crate::network::truck::PASS;
use crate::ui::app::App;
use crate::ui::model::Toast;

impl App {
    /// Lets trucks with a pass through to a works or a village that the plan cuts off: one step.
    pub(super) fn exempt_passes(&mut self, site: RecordId) {
        let Some(answer) = (*self.model.planner.answer).clone() else { return };
        let (world, stamp) = (self.model.world(), self.model.stamp());
        let orders =
            to_exempt(answer.prepared(), &world, &answer.comparison, site, answer.asked.at);
        let change = |id: &RecordId| {
            let order = world.get(*id)?;
            let mut words = order.words("exemptions").to_vec();
            words.push(PASS.into());
            let mut newer = Record::clone(order);
            newer.set("exemptions", Some(Value::Words(words.into())));
            newer.meta.change(&stamp);
            Some(Change::update(Arc::clone(order), newer))
        };
        let changes: Vec<Change> = orders.iter().filter_map(change).collect();
        if changes.is_empty() {
            self.say(Toast::watch(
                "仅豁免持通行证车辆仍不能到达，请改线或缩小范围",
                "A pass alone does not lead there: redraw the line or make the area smaller",
            ));
            return;
        }
        self.apply(Edit::of(changes));
    }
}
