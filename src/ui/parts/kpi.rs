//! The figures that a leader asks for: what they say, how they moved, and what opens behind them.
//! The bar, the card and the page of the overview show the same ones.

use egui::{RichText, Sense, Ui, UiBuilder};

use super::air::{age_words, hour_words, short_name, value_words};
use super::words::{uninspected_words, when};
use crate::analysis::Filter;
use crate::analysis::air::{IndexMethod, Level};
use crate::analysis::decisions::{DecisionFilter, DecisionStanding};
use crate::analysis::overview::{Overview, Snapshot, Sprint, SprintStage};
use crate::analysis::standards::Rate;
use crate::domain::{Kind, SiteKind, Text};
use crate::ui::action::{Action, MeetingAction, WindowAction};
use crate::ui::ctx::Ctx;
use crate::ui::model::Panel;
use crate::ui::model::planning::now;
use crate::ui::model::workspace::Workspace;
use crate::ui::widgets::named;

/// One figure.
pub struct Kpi {
    pub value: String,
    pub words: &'static str,
    /// What belongs to the value, smaller beside it.
    pub aside: String,
    /// A line below it, where there is room.
    pub note: String,
    pub trend: Option<Trend>,
    pub is_act: bool,
    pub opens: Opens,
}

/// How a count moved since then.
pub struct Trend {
    pub by: i64,
    /// `None` where more is neither better nor worse.
    pub is_better: Option<bool>,
    /// What it was, and when.
    pub tip: String,
}

/// What stands behind a figure.
#[derive(Clone)]
#[expect(clippy::large_enum_variant, reason = "a dozen at most, made for one frame")]
pub enum Opens {
    Rows(Filter),
    /// The decisions that are not closed.
    Unfinished,
    Page(&'static str),
    /// The place of the air.
    Air,
}

impl Kpi {
    /// As it is read aloud: `工地不达标 6/11 · 未查 1 ▲2`.
    pub fn name(&self) -> String {
        let mut name = format!("{} {}{}", self.words, self.value, self.aside);
        if let Some(trend) = &self.trend {
            name.push(' ');
            name.push_str(&trend.words());
        }
        name
    }

    /// Whether its rows are those that are listed now.
    pub fn is_open(&self, ctx: &Ctx<'_>) -> bool {
        matches!(&self.opens, Opens::Rows(filter) if *filter == ctx.filter)
    }

    /// Opens its rows; those that are open already are closed.
    pub fn open(&self, ctx: &Ctx<'_>) {
        match &self.opens {
            Opens::Rows(_) if self.is_open(ctx) => {
                ctx.actions.send(Action::Filter(Filter::default()));
            }
            Opens::Rows(filter) => {
                ctx.actions.list(filter.clone());
                // In a meeting the list of the sites stands beside the map.
                if ctx.meeting.is_open && filter.is_failing {
                    ctx.actions.meeting(MeetingAction::Open("standards"));
                } else {
                    ctx.actions.window(WindowAction::Panel(Panel::Bottom, true));
                }
            }
            Opens::Unfinished => {
                let standings = [DecisionStanding::Overdue, DecisionStanding::Open].into();
                let wanted = DecisionFilter { standings, ..DecisionFilter::default() };
                ctx.actions.meeting(MeetingAction::Wanted(wanted));
                ctx.actions.meeting(MeetingAction::OfLast(false));
                ctx.actions.meeting(MeetingAction::Open("decisions"));
            }
            Opens::Page(page) => ctx.actions.meeting(MeetingAction::Open(page)),
            Opens::Air => ctx.actions.window(WindowAction::Enter(Workspace::Air)),
        }
    }

    /// Red where somebody must act, and marked where its rows are open.
    pub fn color(&self, ctx: &Ctx<'_>) -> egui::Color32 {
        if self.is_act {
            ctx.color(|t| t.act)
        } else if self.is_open(ctx) {
            ctx.color(|t| t.accent)
        } else {
            ctx.color(|t| t.ink)
        }
    }
}

impl Trend {
    /// `▲2` or `▼1`.
    pub fn words(&self) -> String {
        arrow(self.by)
    }

    /// The same in the colour of better or worse.
    pub fn text(&self, ctx: &Ctx<'_>) -> RichText {
        RichText::new(self.words()).color(tone(ctx, self.is_better))
    }
}

/// Up or down by so much: the arrow says it without its colour.
pub fn arrow(by: i64) -> String {
    format!("{}{}", if by < 0 { "▼" } else { "▲" }, by.abs())
}

/// The colour of a move for the better or the worse.
pub fn tone(ctx: &Ctx<'_>, is_better: Option<bool>) -> egui::Color32 {
    match is_better {
        Some(true) => ctx.color(|t| t.accent),
        Some(false) => ctx.color(|t| t.act),
        None => ctx.color(|t| t.muted),
    }
}

/// The moment with which is compared: `与 11-18 09:30 相比`.
pub fn compared_with(ctx: &Ctx<'_>) -> Option<String> {
    let (at, _) = ctx.meeting.overview.then.as_ref()?;
    let at = when(*at);
    Some(ctx.tell(format!("与 {at} 相比"), format!("compared with {at}")))
}

/// None while the district is being counted.
pub fn kpis(ctx: &Ctx<'_>) -> Vec<Kpi> {
    let overview = &**ctx.meeting.overview;
    if ctx.meeting.overview.question().is_none() || overview.weeks.is_empty() {
        return Vec::new();
    }
    let mut kpis = air(ctx);
    kpis.extend([
        failing(ctx, SiteKind::Construction, Text::new("工地不达标", "construction failing")),
        failing(ctx, SiteKind::Restaurant, Text::new("餐饮不达标", "restaurants failing")),
        Kpi {
            value: overview.now.sites.failing_in_rings.to_string(),
            words: ctx.say(Text::new("圈内不达标", "failing inside rings")),
            aside: String::new(),
            note: ctx.tell("任一控制点的最大圈内", "in the largest ring of any control point"),
            trend: trend(ctx, overview, |of| of.sites.failing_in_rings, true),
            is_act: overview.now.sites.failing_in_rings > 0,
            opens: Opens::Rows(Filter { is_failing: true, in_any_ring: true, ..Filter::default() }),
        },
        unfinished(ctx, overview),
        in_force(ctx, overview),
    ]);
    kpis.extend(overview.sprint.as_ref().and_then(|sprint| countdown(ctx, sprint)));
    kpis
}

/// What the district's mean says at the cursor, with when it was measured, and the good days and the
/// index of the month; none without readings.
fn air(ctx: &Ctx<'_>) -> Vec<Kpi> {
    let Some(figures) = ctx.air.figures.as_ref() else { return Vec::new() };
    let quantity = ctx.air.quantity;
    let seen = ctx.seen(&figures.mean);
    let fresh = seen.filter(|seen| !seen.is_stale);
    let level = fresh.and_then(|seen| seen.moment.valued).map(|valued| valued.level());
    let aside = seen.map_or_else(String::new, |seen| {
        let level = level.map_or("", |level| ctx.say(short_name(level)));
        let (hour, age) = (hour_words(ctx, seen.moment.hour), age_words(ctx, seen.age));
        let age = if ctx.planner.is_live {
            age
        } else if ctx.planner.at > now() {
            ctx.tell("所选时刻未到", "looking ahead")
        } else {
            ctx.tell("回看", "looking back")
        };
        ctx.tell(format!(" {level} · {hour}（{age}）"), format!(" {level} · {hour} ({age})"))
    });
    let counted = figures.counted.len();
    let days = figures.good_days(&figures.district);
    let method = IndexMethod::default();
    let index = figures.district.index(method).map(|index| format!("{:.2}", index.published()));
    let name = method.rule().name.say(ctx.lang());
    let (past, rest) = (days.good + days.bad, days.rest);
    let month = figures.period.ends().0.strftime("%Y-%m");
    vec![
        Kpi {
            // What is old is no value of now.
            value: fresh
                .map_or_else(|| "—".to_owned(), |it| value_words(quantity, it.moment.valued)),
            words: quantity.symbol(),
            aside,
            note: ctx.tell(
                format!("{counted} 站小时均值；数据时间见括号"),
                format!("hourly mean of {counted} stations"),
            ),
            trend: None,
            is_act: level.is_some_and(Level::is_heavy),
            opens: Opens::Air,
        },
        Kpi {
            value: format!("{}/{past}", days.good),
            words: ctx.say(Text::new("优良天", "good days")),
            aside: ctx.tell(format!("，余{rest}天"), format!(", {rest} to come")),
            note: ctx.tell(
                format!("{month}；综合指数 {}（{name}）", index.as_deref().unwrap_or("—")),
                format!("{month}; index {} ({name})", index.as_deref().unwrap_or("—")),
            ),
            trend: None,
            is_act: false,
            opens: Opens::Air,
        },
    ]
}

fn trend(
    ctx: &Ctx<'_>,
    overview: &Overview,
    count: impl Fn(&Snapshot) -> usize,
    is_less_better: bool,
) -> Option<Trend> {
    let (before, now) = (count(overview.before()?), count(&overview.now));
    let by = i64::try_from(now).ok()? - i64::try_from(before).ok()?;
    let with = compared_with(ctx)?;
    (by != 0).then(|| Trend {
        by,
        is_better: is_less_better.then_some(by < 0),
        tip: ctx.tell(format!("{with}：当时 {before}"), format!("{with}: {before} then")),
    })
}

fn failing(ctx: &Ctx<'_>, kind: SiteKind, words: Text) -> Kpi {
    let overview = &**ctx.meeting.overview;
    let rate = overview.now.rate(kind).cloned().unwrap_or_default();
    let count = move |of: &Snapshot| of.rate(kind).map_or(0, Rate::failing);
    let (good, inspected) = (rate.up_to_standard, rate.inspected);
    let share = share_words(&rate);
    let blank = rate.count - inspected;
    Kpi {
        // Nobody inspected is not nobody failing.
        value: match inspected {
            0 => "—".to_owned(),
            _ => format!("{}/{inspected}", rate.failing()),
        },
        words: ctx.say(words),
        aside: match (rate.count, blank) {
            (0, _) => ctx.tell(" · 没有登记", " · none on record"),
            (_, 0) => String::new(),
            _ => format!(" · {}", uninspected_words(ctx, blank)),
        },
        note: if inspected == 0 {
            ctx.tell("还没有检查结果", "no inspection on record")
        } else {
            ctx.tell(
                format!("已查 {inspected} 处，达标 {good}（{share}）"),
                format!("{inspected} inspected, {good} up to standard ({share})"),
            )
        },
        trend: trend(ctx, overview, count, true),
        is_act: rate.failing() > 0,
        opens: Opens::Rows(Filter {
            is_failing: true,
            subkinds: [(Kind::Site, kind.key().to_owned())].into(),
            ..Filter::default()
        }),
    }
}

/// `45%`, or a dash where nothing was inspected.
pub fn share_words(rate: &Rate) -> String {
    rate.share().map_or_else(|| "—".to_owned(), |share| format!("{:.0}%", share * 100.0))
}

fn unfinished(ctx: &Ctx<'_>, overview: &Overview) -> Kpi {
    let tally = overview.now.decisions;
    let overdue = tally.overdue;
    let (judged, good) = (tally.judged(), tally.closed_on_time);
    Kpi {
        value: tally.unfinished().to_string(),
        words: ctx.say(Text::new("未完成决定", "open decisions")),
        aside: ctx.tell(format!("（逾期 {overdue}）"), format!(" ({overdue} overdue)")),
        note: ctx
            .tell(format!("按时完成 {good}/{judged}"), format!("closed on time {good}/{judged}")),
        trend: trend(ctx, overview, |of| of.decisions.unfinished(), true),
        is_act: overdue > 0,
        opens: Opens::Unfinished,
    }
}

fn in_force(ctx: &Ctx<'_>, overview: &Overview) -> Kpi {
    let total = ctx.known.totals.get(&Kind::Restriction).map_or(0, |(count, _)| *count);
    let today = overview.today;
    Kpi {
        value: overview.now.restrictions_in_force.to_string(),
        words: ctx.say(Text::new("管控措施生效", "restrictions in force")),
        aside: String::new(),
        note: ctx.tell(
            format!("{today} 当日；共登记 {total} 项"),
            format!("on {today}; {total} on record"),
        ),
        trend: trend(ctx, overview, |of| of.restrictions_in_force, false),
        is_act: false,
        opens: Opens::Rows(Filter {
            kind: Some(Kind::Restriction),
            in_force_on: Some(today),
            ..Filter::default()
        }),
    }
}

fn countdown(ctx: &Ctx<'_>, sprint: &Sprint) -> Option<Kpi> {
    let SprintStage::Running { day, days_left } = sprint.stage else { return None };
    let length = sprint.length_days();
    Some(Kpi {
        value: ctx.tell(format!("第 {day}/{length} 天"), format!("day {day}/{length}")),
        words: ctx.say(Text::new("倒计时", "countdown")),
        aside: String::new(),
        note: ctx.tell(
            format!("{}，还有 {days_left} 天", sprint.name),
            format!("{}, {days_left} days left", sprint.name),
        ),
        trend: None,
        is_act: false,
        opens: Opens::Page("overview"),
    })
}

/// A figure as a button, whatever it looks like; `name` is what a screen reader says.
pub fn button_ui(ui: &mut Ui, ctx: &Ctx<'_>, kpi: &Kpi, name: &str, content: impl FnOnce(&mut Ui)) {
    let response = ui
        .scope_builder(UiBuilder::new().id_salt(name).sense(Sense::click()), content)
        .response
        .on_hover_cursor(egui::CursorIcon::PointingHand);
    named(&response, name);
    if kpi.is_open(ctx) || response.hovered() || response.has_focus() {
        let under = response.rect.shrink2(egui::vec2(0.0, 2.0));
        let stroke = egui::Stroke::new(2.0, ctx.color(|t| t.accent));
        ui.painter().hline(under.x_range(), under.max.y, stroke);
    }
    let tip = kpi.trend.as_ref().map_or(&kpi.note, |trend| &trend.tip);
    let response = if tip.is_empty() { response } else { response.on_hover_text(tip) };
    let is_entered = response.has_focus() && ui.input(|i| i.key_pressed(egui::Key::Enter));
    if response.clicked() || is_entered {
        kpi.open(ctx);
    }
}
