//! How far each figure of a plan moves when one thing that is taken for granted is another: one at a
//! time, from a low value to a high one, everything else as it is.
//!
//! What is linear is multiplied; what is not is evaluated anew. Figures are changes against today,
//! without those who are cut off.

use jiff::civil::DateTime;

use super::compare::{Comparison, Planner};
use super::emission::{DUST_RANGE, EXHAUST_RANGE};
use super::evaluate::{Assumptions, Behaviour, DayPair, Prepared, Trip, day_pairs};
use super::totals::{DetourTotal, FLOW_ERROR};
use super::turning::TurnCosts;
use crate::domain::{LocalizedText, Text, World};

/// What is told, in the order of the values of a row.
pub const FIGURES: [Text; 6] = [
    Text::new("圈内货车·km/日", "truck·km in rings /d"),
    Text::new("圈内 NOx kg/日", "NOx in rings, kg/d"),
    Text::new("圈内 PM2.5 kg/日", "PM2.5 in rings, kg/d"),
    Text::new("全区 NOx kg/日", "NOx in all, kg/d"),
    Text::new("路上多 小时/日", "hours more /d"),
    Text::new("无路可走 辆/日", "cut off /d"),
];
const COUNT: usize = FIGURES.len();

/// Shares that are tried where nobody has stated one.
const SOME: f64 = 0.1;
/// Waits that are tried where nobody has stated any.
const WAITS: TurnCosts = TurnCosts { left_s: 30.0, right_s: 10.0, u_turn_s: 60.0 };
/// Silt and cars are known no better than this, as factors: a proposal of this program.
const UNSURE: [f64; 2] = [0.5, 2.0];

/// One thing that is varied, and between which values each figure then lies; `None` where it is not
/// worked out.
#[derive(Clone, Debug, PartialEq)]
pub struct Varied {
    /// What, and from where to where.
    pub what: LocalizedText,
    /// At the low and at the high end.
    pub values: [Option<[f64; 2]>; COUNT],
}

/// All of them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sensitivity {
    /// As everything is taken for granted now.
    pub base: [f64; COUNT],
    /// In the order in which they are tried.
    pub rows: Vec<Varied>,
}

/// Parts of the figures, so that factors of exhaust and of dust can be varied by themselves.
#[derive(Clone, Copy, Debug, Default)]
struct Parts {
    km: f64,
    nox: f64,
    exhaust_pm: f64,
    dust_pm: f64,
    all_nox: f64,
    hours: f64,
    cut_off: f64,
}

impl Parts {
    fn of(prepared: &Prepared, comparison: &Comparison) -> Self {
        let (before, after) = (&comparison.before, &comparison.after);
        let total = DetourTotal::of(prepared, comparison);
        let (old, new) = (&before.inside, &after.inside);
        Self {
            km: new.truck_km - old.truck_km,
            nox: (new.nox_g - old.nox_g) / 1000.0,
            exhaust_pm: (new.pm25_g - old.pm25_g) / 1000.0,
            dust_pm: (new.dust_pm25_g - old.dust_pm25_g) / 1000.0,
            all_nox: (after.all.nox_g - before.all.nox_g) / 1000.0,
            hours: total.added_min / 60.0,
            cut_off: total.cut_off,
        }
    }

    const fn figures(self) -> [f64; COUNT] {
        let Self { km, nox, exhaust_pm, dust_pm, all_nox, hours, cut_off } = self;
        [km, nox, exhaust_pm + dust_pm, all_nox, hours, cut_off]
    }

    fn exhaust(self, by: f64) -> Self {
        let (nox, exhaust_pm) = (self.nox * by, self.exhaust_pm * by);
        Self { nox, exhaust_pm, all_nox: self.all_nox * by, ..self }
    }

    fn dust(self, by: f64) -> Self {
        Self { dust_pm: self.dust_pm * by, ..self }
    }
}

impl Varied {
    /// All figures, at the low and at the high end.
    fn between(what: LocalizedText, [low, high]: [Parts; 2]) -> Self {
        let (low, high) = (low.figures(), high.figures());
        let mut values = [None; COUNT];
        for (value, (low, high)) in values.iter_mut().zip(low.into_iter().zip(high)) {
            *value = Some([low, high]);
        }
        Self { what, values }
    }
}

/// What is evaluated anew, and what is taken for granted at its low and at its high end.
type Tried = (LocalizedText, [Assumptions; 2]);

/// A plan at a moment; `tell` gets the share that is done, 0–1, and stops by `false`.
pub fn sensitivity(
    prepared: &Prepared,
    world: &World,
    (plan, at): (&str, DateTime),
    assumed: Assumptions,
    tell: &dyn Fn(f64) -> bool,
) -> Option<Sensitivity> {
    let mut planner = Planner::default();
    let mut run = |assumed| planner.compare(prepared, world, plan, at, assumed);
    let now = run(assumed);
    let base = Parts::of(prepared, &now);
    let mut rows = multiplied(prepared, &now, base);
    let tried = tried(assumed);
    let count = tried.len() as f64;
    for (number, (what, ends)) in tried.into_iter().enumerate() {
        if !tell(number as f64 / count) {
            return None;
        }
        let ends = ends.map(|assumed| Parts::of(prepared, &run(assumed)));
        rows.push(Varied::between(what, ends));
    }
    Some(Sensitivity { base: base.figures(), rows })
}

/// What is linear: flows and factors.
fn multiplied(prepared: &Prepared, comparison: &Comparison, base: Parts) -> Vec<Varied> {
    let scaled = |by: f64| Parts {
        km: base.km * by,
        hours: base.hours * by,
        cut_off: base.cut_off * by,
        ..base.exhaust(by).dust(by)
    };
    let percent = FLOW_ERROR * 100.0;
    let mut rows = vec![Varied::between(
        LocalizedText::new(
            format!("全部车流 ±{percent:.0} %"),
            format!("all flows ±{percent:.0} %"),
        ),
        [scaled(1.0 - FLOW_ERROR), scaled(1.0 + FLOW_ERROR)],
    )];
    rows.extend(largest_flow(prepared, comparison, base));
    let (low, high) = EXHAUST_RANGE;
    rows.push(Varied::between(
        LocalizedText::new(
            format!("尾气系数 ×{low}–{high}"),
            format!("exhaust factors ×{low}–{high}"),
        ),
        [base.exhaust(low), base.exhaust(high)],
    ));
    let (low, high) = DUST_RANGE;
    rows.push(Varied::between(
        LocalizedText::new(
            format!("扬尘系数 ×{low}–{high}"),
            format!("dust factors ×{low}–{high}"),
        ),
        [base.dust(low), base.dust(high)],
    ));
    rows
}

/// What is not linear, in the order in which it is tried.
fn tried(assumed: Assumptions) -> Vec<Tried> {
    let winter = (
        LocalizedText::new("冬季低温 不计–计", "winter without – with"),
        [false, true].map(|is_winter| Assumptions { is_winter, ..assumed }),
    );
    let mut all = Vec::new();
    all.extend(unsure_tried(assumed));
    all.extend(behaviour_tried(assumed));
    all.extend([waits_tried(assumed), winter]);
    all
}

/// Silt and cars.
fn unsure_tried(assumed: Assumptions) -> [Tried; 2] {
    let Assumptions { silt_g_m2, cars_per_truck, .. } = assumed;
    let [less, more] = UNSURE;
    [
        (
            LocalizedText::new(
                format!("路面积尘 ×{less}–{more}"),
                format!("silt on the road ×{less}–{more}"),
            ),
            UNSURE.map(|by| Assumptions { silt_g_m2: silt_g_m2 * by, ..assumed }),
        ),
        (
            LocalizedText::new(
                format!("伴随小客车 ×{less}–{more}"),
                format!("cars beside trucks ×{less}–{more}"),
            ),
            UNSURE.map(|by| Assumptions { cars_per_truck: cars_per_truck * by, ..assumed }),
        ),
    ]
}

/// From nobody who does not comply, or drives at another hour, to twice as many as assumed.
fn behaviour_tried(assumed: Assumptions) -> [Tried; 2] {
    let Assumptions { behaviour, .. } = assumed;
    let twice = |share: f64| if share > 0.0 { (2.0 * share).min(1.0) } else { SOME };
    let staying =
        Behaviour { not_complying: twice(behaviour.not_complying), ..behaviour }.times(1.0);
    let shifting = Behaviour { shifting: twice(behaviour.shifting), ..behaviour }.times(1.0);
    let per = |share: f64| (share * 1000.0).round() / 10.0;
    [
        (
            LocalizedText::new(
                format!("不遵守 0–{} %", per(staying.not_complying)),
                format!("not complying 0–{} %", per(staying.not_complying)),
            ),
            [
                Assumptions { behaviour: Behaviour { not_complying: 0.0, ..behaviour }, ..assumed },
                Assumptions { behaviour: staying, ..assumed },
            ],
        ),
        (
            LocalizedText::new(
                format!("改时段 0–{} %", per(shifting.shifting)),
                format!("at another hour 0–{} %", per(shifting.shifting)),
            ),
            [
                Assumptions { behaviour: Behaviour { shifting: 0.0, ..behaviour }, ..assumed },
                Assumptions { behaviour: shifting, ..assumed },
            ],
        ),
    ]
}

/// Waits at turns.
fn waits_tried(assumed: Assumptions) -> Tried {
    let Assumptions { turn_costs, .. } = assumed;
    let waits = if turn_costs.is_off() { WAITS } else { turn_costs };
    let what = LocalizedText::new(
        format!(
            "转向等待 不计–左 {} 右 {} 掉头 {} 秒",
            waits.left_s, waits.right_s, waits.u_turn_s
        ),
        format!(
            "waits at turns none – left {} right {} back {} s",
            waits.left_s, waits.right_s, waits.u_turn_s
        ),
    );
    let ends = [TurnCosts::default(), waits];
    (what, ends.map(|turn_costs| Assumptions { turn_costs, ..assumed }))
}

/// The flow by which kilometres in the rings and hours on the road change most, a fifth more or less.
fn largest_flow(prepared: &Prepared, comparison: &Comparison, base: Parts) -> Option<Varied> {
    let mut sums = vec![[0.0_f64; 2]; prepared.flows.len()];
    let inside_km = |trip: &Trip| -> f64 {
        let arcs = trip.route.iter().flat_map(|route| &route.arcs);
        let metres = arcs.filter_map(|arc| prepared.inside_and_whole_m(arc.edge() as u32));
        metres.map(|(inside, _)| inside).sum::<f64>() / 1000.0
    };
    for DayPair { flow, trucks, is_peak, before, after } in
        day_pairs(prepared, &comparison.before, &comparison.after)
    {
        if before.route == after.route {
            continue;
        }
        let minutes = before.km_and_min_in(is_peak).zip(after.km_and_min_in(is_peak));
        let minutes = minutes.map_or(0.0, |((_, old), (_, new))| new - old);
        if let Some([km, hours]) = sums.get_mut(flow) {
            *km += trucks * (inside_km(after) - inside_km(before));
            *hours += trucks * minutes / 60.0;
        }
    }
    let (number, [km, hours]) =
        sums.iter().enumerate().max_by(|a, b| a.1[0].abs().total_cmp(&b.1[0].abs()))?;
    let flow = prepared.flows.get(number).filter(|_| km.abs() > 0.0)?;
    let (from, to) = (flow.from_words(&prepared.gates), flow.to_words(&prepared.gates));
    let percent = FLOW_ERROR * 100.0;
    let around = |base: f64, part: f64| Some([base - FLOW_ERROR * part, base + FLOW_ERROR * part]);
    let mut values = [None; COUNT];
    let [of_km, .., of_hours, _] = &mut values;
    (*of_km, *of_hours) = (around(base.km, *km), around(base.hours, *hours));
    let what = LocalizedText::new(
        format!("单股车流 ±{percent:.0} %（影响最大：{from} → {to}）"),
        format!("one flow ±{percent:.0} % (the largest: {from} → {to})"),
    );
    Some(Varied { what, values })
}

#[cfg(test)]
mod tests {
    use geo_types::{Geometry, Point};

    use super::*;
    use crate::domain::Kind;
    use crate::network::compare::prepare;
    use crate::network::testing::{Town, at, line, moment};

    fn found() -> Sensitivity {
        let mut town = Town::new();
        town.road("street", &[(-2000.0, 0.0), (2000.0, 0.0)], &[]);
        let round = [(-2000.0, 0.0), (-2000.0, 2000.0), (2000.0, 2000.0), (2000.0, 0.0)];
        town.road("round", &round, &[]);
        town.gate("W", (-2000.0, 0.0));
        town.gate("E", (2000.0, 0.0));
        let place = Geometry::from(Point(at(0.0, 0.0)));
        town.add(Kind::ControlPoint, place, &[("code", "K"), ("name", "K"), ("radii_m", "1000")]);
        town.flow("W", "E", "80", &[("class", "heavy")]);
        town.flow("E", "W", "20", &[("class", "heavy")]);
        town.order("no_entry", line(&[(-2000.0, 0.0), (2000.0, 0.0)]), &[("plan", "P")]);
        let world = town.world();
        let prepared = prepare(&world, &|_, _| true).unwrap();
        let asked = ("P", moment("2026-11-25T12:00:00"));
        sensitivity(&prepared, &world, asked, Assumptions::default(), &|_| true).unwrap()
    }

    fn of(found: &Sensitivity, words: &str, figure: usize) -> [f64; 2] {
        let row = found.rows.iter().find(|row| row.what.zh.contains(words)).unwrap();
        row.values[figure].unwrap()
    }

    fn near(a: [f64; 2], b: [f64; 2], by: f64) {
        assert!((a[0] - b[0]).abs() < by && (a[1] - b[1]).abs() < by, "{a:?} is not {b:?}");
    }

    #[test]
    fn each_figure_is_told_with_what_moves_it() {
        let found = found();
        // 100 trucks leave 2 km of the ring.
        assert!((found.base[0] + 200.0).abs() < 0.2, "{:?}", found.base);
        near(of(&found, "全部车流", 0), [-160.0, -240.0], 0.3);
        near(of(&found, "单股车流", 0), [found.base[0] + 32.0, found.base[0] - 32.0], 0.1);
        near(of(&found, "不遵守 0–10 %", 0), [-200.0, -180.0], 0.3);
        let nox = found.base[1];
        near(of(&found, "尾气系数", 1), [0.7 * nox, 1.7 * nox], 1e-9);
        near(of(&found, "冬季", 1), [nox, 1.06 * nox], 1e-6);
        // A ban of all day leaves no hour to shift to.
        near(of(&found, "改时段", 0), [-200.0, -200.0], 0.3);
        let [less, more] = of(&found, "路面积尘", 2);
        assert!(less > more, "more silt, more that is saved: {less} {more}");
    }
}
