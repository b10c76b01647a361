//! The dialog that takes a step of items: what it needs, what is lacking, and why.

use std::sync::Arc;

use egui::{Button, Key, RichText, TextEdit, Ui};
use jiff::civil::DateTime;

use super::Dialog;
use crate::analysis::ledger::make::owned;
use crate::analysis::ledger::{Limit, Owners, Owning, limit};
use crate::domain::item::{Deed, Refusal, StepKind, evidence_for, linked, read_moment, taken};
use crate::domain::{Localized as _, LocalizedText, Record, RecordId, Text, calendar};
use crate::report::ledger::{LedgerPaper, next_number};
use crate::settings::clock;
use crate::ui::action::{Action, LedgerAction};
use crate::ui::ctx::Ctx;
use crate::ui::model::planning::now;
use crate::ui::widgets::{named, named_text, note, strong};

/// One step of one item or of several.
pub struct StepPage {
    items: Vec<Arc<Record>>,
    step: StepKind,
    by: String,
    at: String,
    text: String,
    units: String,
    person: String,
    number: String,
    limit: String,
    reason: String,
    /// Why the first item is given to whom.
    why: Vec<LocalizedText>,
    /// Who answers for each of several items that are handed over.
    owning: Vec<Owning>,
    has_focus: bool,
    /// Enter was pressed once: what is still missing stands in red.
    has_tried: bool,
}

impl StepPage {
    /// With what is known of the first item.
    pub fn new(ctx: &Ctx<'_>, items: &[Arc<Record>], step: StepKind) -> Self {
        let world = ctx.world();
        let first = items.last();
        let said = |key: &str| first.map_or("", |item| item.text(key)).to_owned();
        let actor = ctx.stamp().actor.to_string();
        let mut page = Self {
            items: items.to_vec(),
            step,
            by: actor,
            at: now().strftime("%Y-%m-%d %H:%M").to_string(),
            text: String::new(),
            units: String::new(),
            person: String::new(),
            number: String::new(),
            limit: String::new(),
            reason: String::new(),
            why: Vec::new(),
            owning: Vec::new(),
            has_focus: false,
            has_tried: false,
        };
        match (step, first) {
            (StepKind::HandOver, Some(item)) => {
                page.text = said("demand");
                page.limit = said("time_limit");
                page.number = next_number(&world, LedgerPaper::Order, now().year());
                let owners = Owners::of(&world, clock::today());
                if items.len() > 1 {
                    page.owning = items.iter().map(|item| owners.owning(item)).collect();
                } else {
                    let owning = owners.owning(item);
                    let mut ready = Record::clone(item);
                    owning.fill(&mut ready);
                    page.units = words_of(&ready, "units");
                    ready.text("person").clone_into(&mut page.person);
                    page.why = owning.why;
                }
            }
            (StepKind::Mend, Some(item)) => {
                let unit = words_of(item, "units");
                let by = format!("{unit} {}", item.text("person"));
                by.trim().clone_into(&mut page.by);
            }
            (StepKind::Urge, _) => {
                page.number = next_number(&world, LedgerPaper::Urge, now().year());
            }
            _ => {}
        }
        page
    }

    fn deed(&self) -> Option<Deed> {
        let at = read_moment(&self.at.trim().replacen(' ', "T", 1))?;
        let units = self.units.split(['、', ',', '，', ';', '；']).map(str::trim);
        let limit = self.meaning(at);
        // Of several items each has its own photos.
        let only = self.items.first().filter(|_| self.items.len() == 1);
        Some(Deed {
            text: self.text.clone(),
            files: only.map(|item| evidence_for(item, self.step)).unwrap_or_default(),
            due: limit.as_ref().and_then(Limit::last),
            time_limit: self.limit.trim().to_owned(),
            review_days: limit.as_ref().and_then(|limit| limit.review_days),
            units: units.filter(|unit| !unit.is_empty()).map(str::to_owned).collect(),
            person: self.person.trim().to_owned(),
            number: self.number.trim().to_owned(),
            reason: self.reason.trim().to_owned(),
            ..Deed::new(self.step, self.by.trim(), at)
        })
    }

    fn meaning(&self, at: DateTime) -> Option<Limit> {
        let words = limit::words();
        limit(&self.limit, at, calendar::calendar(), words)
    }

    /// An item and its step as they will be: where no unit is named each of several goes to who answers
    /// for it.
    fn ready(&self, place: usize, item: &Arc<Record>, deed: &Deed) -> (Arc<Record>, Deed) {
        match self.owning.get(place).filter(|_| deed.units.is_empty()) {
            Some(owning) => {
                let (item, deed) = owned(item, deed, owning);
                (Arc::new(item), deed)
            }
            None => (Arc::clone(item), deed.clone()),
        }
    }

    /// Why the step cannot be taken as it is said now, and which field would change that.
    fn refusal(&self, ctx: &Ctx<'_>) -> Option<(LocalizedText, Text)> {
        let Some(deed) = self.deed() else {
            let words = LocalizedText::new(
                "时间应写成 2026-11-29 10:00",
                "A time is written 2026-11-29 10:00",
            );
            return Some((words, WHEN));
        };
        let (stamp, world) = (ctx.stamp(), ctx.world());
        let find = |number: &str| linked::numbered(&world, number);
        let refused = self.items.iter().enumerate().find_map(|(place, item)| {
            let (item, deed) = self.ready(place, item, &deed);
            linked::refused(&item, &deed, &stamp, find)
        });
        refused.map(|refusal: Refusal| {
            let field = match &refusal {
                Refusal::SameHands(_) | Refusal::Nobody => BY,
                Refusal::BeforeLast(_) => WHEN,
                Refusal::NeedsDue => LIMIT,
                Refusal::NeedsNumber | Refusal::NoSuchItem(_) | Refusal::Itself => NUMBER,
                Refusal::NeedsReason { .. } | Refusal::NotFrom { .. } | Refusal::Unreadable => {
                    REASON
                }
            };
            (refusal.localized(), field)
        })
    }

    fn fields_ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>) {
        let is = |steps: &[StepKind]| steps.contains(&self.step);
        let is_order = is(&[StepKind::HandOver]);
        let has_number =
            is(&[StepKind::HandOver, StepKind::Merge, StepKind::Relapse, StepKind::Urge]);
        let has_limit = is(&[StepKind::HandOver, StepKind::Postpone, StepKind::Hold]);
        let has_reason = self.step.always_needs_reason() || self.needs_reason(ctx);
        let wants_focus = !std::mem::replace(&mut self.has_focus, true);
        let mut first = true;
        // After a refusal the field that it is about.
        let refusal = (wants_focus && self.has_tried).then(|| self.refusal(ctx)).flatten();
        let wanted = refusal.map(|(_, field)| field);
        let mut field = |ui: &mut Ui, name: Text, text: &mut String, hint: Text| {
            let name = ctx.say(name);
            ui.label(note(name));
            let edit = TextEdit::singleline(text).hint_text(ctx.say(hint));
            let response = ui.add(edit.desired_width(f32::INFINITY));
            named_text(&response, name, text);
            let is_first = std::mem::take(&mut first);
            let is_wanted = wanted.map_or(is_first, |field| name == ctx.say(field));
            if wants_focus && is_wanted {
                response.request_focus();
            }
            ui.end_row();
        };
        egui::Grid::new("step fields").num_columns(2).spacing([12.0, 6.0]).show(ui, |ui| {
            if is_order {
                let hint = Text::new("空着则各按责任分工", "empty: each by its duty");
                field(ui, Text::new("责任单位", "Units"), &mut self.units, hint);
                field(ui, Text::new("责任人", "Person"), &mut self.person, Text::new("", ""));
            }
            if has_limit {
                let hint = Text::new("3日内、立行立改、12月1日18时前", "3日内, 立行立改, 12月1日");
                field(ui, LIMIT, &mut self.limit, hint);
            }
            if !is(&[StepKind::Return, StepKind::Void, StepKind::Refute, StepKind::Merge]) {
                field(ui, what(self.step), &mut self.text, Text::new("", ""));
            }
            if has_reason {
                let hint = Text::new("缺证据、跳步或退出流程，必须写明", "always written down");
                field(ui, REASON, &mut self.reason, hint);
            }
            if has_number {
                let hint = match self.step {
                    StepKind::Relapse => {
                        Text::new("空着则新建一件；已登记的写其编号", "empty: a new item is made")
                    }
                    StepKind::Merge => {
                        Text::new("并入哪一件，写其编号", "of the item it goes into")
                    }
                    _ => Text::new("", ""),
                };
                field(ui, NUMBER, &mut self.number, hint);
            }
            field(ui, BY, &mut self.by, Text::new("", ""));
            field(ui, WHEN, &mut self.at, Text::new("", ""));
        });
    }

    /// Whether something is missing that only a reason makes up for.
    fn needs_reason(&self, ctx: &Ctx<'_>) -> bool {
        if !self.reason.is_empty() || self.has_tried {
            return true;
        }
        let Some(deed) = self.deed() else { return false };
        let bare = Deed { reason: String::new(), ..deed };
        let stamp = ctx.stamp();
        self.items.iter().enumerate().any(|(place, item)| {
            let (item, bare) = self.ready(place, item, &bare);
            matches!(taken(&item, &bare, &stamp), Err(Refusal::NeedsReason { .. }))
        })
    }

    /// The photos that prove the step of a single item, or how one comes here.
    fn photo_ui(&self, ui: &mut Ui, ctx: &Ctx<'_>) {
        let wants_photo = matches!(
            self.step,
            StepKind::Mend | StepKind::Check | StepKind::Review | StepKind::Relapse
        );
        let ([item], true) = (self.items.as_slice(), wants_photo) else { return };
        let files = evidence_for(item, self.step);
        let words = if files.is_empty() {
            ctx.tell(
                "照片：复制后按 Ctrl+V，或拖到窗口上",
                "Photo: paste it with Ctrl+V, or drop it on the window",
            )
        } else {
            let files = files.join("、");
            ctx.tell(format!("照片：{files}"), format!("photo: {files}"))
        };
        ui.label(note(words));
    }
}

const REASON: Text = Text::new("原因", "Reason");
const LIMIT: Text = Text::new("时限", "Time limit");
const NUMBER: Text = Text::new("编号、文号", "Number");
const BY: Text = Text::new("办理人", "Done by");
const WHEN: Text = Text::new("时间", "When");

/// What is said of a step.
const fn what(step: StepKind) -> Text {
    match step {
        StepKind::HandOver => Text::new("整改要求", "Demand"),
        StepKind::Mend => Text::new("整改情况", "What was done"),
        StepKind::Check | StepKind::Review => Text::new("结论", "Finding"),
        StepKind::Close => Text::new("销号依据", "Ground"),
        StepKind::Relapse => Text::new("反弹情况", "What came again"),
        _ => Text::new("说明", "Remark"),
    }
}

fn words_of(item: &Record, key: &str) -> String {
    item.words(key).iter().map(|word| &**word).collect::<Vec<_>>().join("、")
}

impl Dialog for StepPage {
    fn title(&self) -> Text {
        self.step.label()
    }

    fn size(&self) -> [f32; 2] {
        [620.0, 360.0]
    }

    fn ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>) -> bool {
        // A photo may have come to an item meanwhile.
        for item in &mut self.items {
            if let Some(now) = ctx.record(item.id) {
                item.clone_from(now);
            }
        }
        if let Some(item) = self.items.last() {
            let count = self.items.len();
            let code = item.code().unwrap_or_default();
            let words = if count > 1 {
                ctx.tell(format!("共 {count} 件"), format!("{count} items"))
            } else {
                format!("{code}  {}", item.name())
            };
            ui.add(egui::Label::new(strong(words)).truncate());
        }
        ui.add_space(4.0);
        self.fields_ui(ui, ctx);
        if !self.limit.trim().is_empty()
            && let Some(at) = read_moment(&self.at.trim().replacen(' ', "T", 1))
        {
            let words = self.meaning(at).unwrap_or_default().words();
            ui.label(note(words.say(ctx.lang())));
        }
        self.photo_ui(ui, ctx);
        for why in &self.why {
            ui.label(note(ctx.tell(format!("按分工：{}", why.zh), format!("by {}", why.en))));
        }
        let refusal = self.refusal(ctx);
        if let Some((words, _)) = &refusal {
            let color = if self.has_tried { ctx.color(|t| t.act) } else { ctx.color(|t| t.watch) };
            ui.label(RichText::new(words.say(ctx.lang())).color(color));
        }
        ui.add_space(6.0);
        let words = ctx.tell(
            format!("{}（回车）", self.step.label().zh),
            format!("{} (Enter)", self.step.label().en),
        );
        let button = ui.add(Button::new(&words));
        named(&button, &words);
        let is_entered = ui.input(|input| input.key_pressed(Key::Enter));
        if !(button.clicked() || is_entered) {
            return true;
        }
        self.has_tried = true;
        if let (None, Some(deed)) = (refusal, self.deed()) {
            let ids: Vec<RecordId> = self.items.iter().map(|item| item.id).collect();
            ctx.actions.send(Action::Ledger(LedgerAction::Take(ids, Box::new(deed))));
            false
        } else {
            self.has_focus = false;
            true
        }
    }
}
