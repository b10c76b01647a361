//! What leaves the ledger: papers for the selected items or for all that are listed, one a unit, and the
//! list itself in the columns of an office.

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use egui::{Popup, Ui};
use jiff::ToSpan as _;
use lucide_icons::Icon;
use rfd::FileDialog;

use super::worded::worded_button;
use crate::analysis::ledger::{Ledger, LedgerFilter, LedgerRow, Owners};
use crate::domain::item::{Deed, StepKind, moment_words};
use crate::domain::{EditKind, LocalizedText, RecordId, Text, World};
use crate::exchange::package::{About, ENDING};
use crate::files::{named_with, write_whole};
use crate::intake::package::pack;
use crate::report::PaperFormat;
use crate::report::block::Block;
use crate::report::brief::template::text;
use crate::report::ledger::batch::by_unit;
use crate::report::ledger::lists::SheetRows;
use crate::report::ledger::sheet::{Cells, SheetLayout, SheetOptions, table};
use crate::report::ledger::{LedgerPaper, MapLink, PaperRequest, blocks, numbers, picture};
use crate::settings::ledger_template;
use crate::store::DistrictReader;
use crate::ui::action::{Action, LedgerAction, Outgoing};
use crate::ui::ctx::Ctx;
use crate::ui::model::ledger::LedgerNow;
use crate::ui::model::{Toast, Tone};

/// Everything a file is made from.
struct Job {
    world: Arc<World>,
    now: Arc<LedgerNow>,
    items: Vec<RecordId>,
    district: PathBuf,
    templates: PathBuf,
    by: String,
    outgoing: Outgoing,
    /// What the codes of a patrol sheet open.
    link: MapLink,
    /// How far a bulletin looks back, today among them.
    days: i64,
}

/// What the two menus are called.
pub const MENUS: [Text; 2] =
    [Text::new("文书", "Papers"), Text::new("导出台账", "Export the ledger")];

/// Of a bulletin: a week, a month.
const SPANS: [i64; 2] = [7, 30];

/// The menus of papers and lists.
pub fn ui(
    ui: &mut Ui,
    ctx: &Ctx<'_>,
    now: &Arc<LedgerNow>,
    (listed, by): (&[RecordId], &LedgerFilter),
    has_words: bool,
) {
    let [papers, sheets] = MENUS.map(|words| ctx.say(words));
    let papers = worded_button(ui, Icon::FileText, papers, has_words);
    Popup::menu(&papers).show(|ui| {
        for paper in LedgerPaper::ALL {
            if paper == LedgerPaper::Patrol {
                patrol_ui(ui, ctx, now, listed);
                continue;
            }
            let spans: &[i64] = if paper == LedgerPaper::Bulletin { &SPANS } else { &SPANS[..1] };
            for days in spans.iter().copied() {
                ui.horizontal(|ui| {
                    for format in [PaperFormat::Docx, PaperFormat::Pdf] {
                        let label = ctx.say(paper.label());
                        let name = match format {
                            PaperFormat::Docx if spans.len() > 1 => ctx.tell(
                                format!("{label}（近{days}天） Word"),
                                format!("{label}, {days} days: Word"),
                            ),
                            PaperFormat::Docx => format!("{label} Word"),
                            _ => "PDF".to_owned(),
                        };
                        if ui.button(name).clicked() {
                            let job = Job { days, ..Job::of(ctx, now, listed) };
                            send(ctx, job, paper, format);
                            ui.close();
                        }
                    }
                });
            }
        }
    });
    let sheets = worded_button(ui, Icon::FileDown, sheets, has_words);
    Popup::menu(&sheets).show(|ui| {
        let masked = SheetOptions { with_persons: false, with_sanctions: false };
        layouts_ui(ui, ctx, now, (listed, by), masked);
        ui.separator();
        let words = ctx.tell("含姓名、电话、处理问责", "With names, phones, sanctions");
        ui.menu_button(words, |ui| {
            let open = SheetOptions { with_persons: true, with_sanctions: true };
            layouts_ui(ui, ctx, now, (listed, by), open);
        });
        let words = ctx.tell("按本单位的列名…（列名文件）", "By columns of your own… (a file)");
        let tip = ctx.tell(
            "文件里写列名，每行一个或用逗号隔开；姓名、电话隐去",
            "The file has the heads, one a line or parted by commas; names and phones are masked",
        );
        if ui.button(words).on_hover_text(tip).clicked() {
            let job = Job { items: listed.to_vec(), ..Job::of(ctx, now, listed) };
            save_by_own(ctx, job, by.words());
            ui.close();
        }
        ui.separator();
        let words = ctx.tell("打包交接（.shapan，含照片）", "Pack for another office (.shapan)");
        if ui.button(words).clicked() {
            save_package(ctx, Job::of(ctx, now, listed), by.words());
            ui.close();
        }
    });
}

/// The layouts that come with the program.
fn layouts_ui(
    ui: &mut Ui,
    ctx: &Ctx<'_>,
    now: &Arc<LedgerNow>,
    (listed, by): (&[RecordId], &LedgerFilter),
    options: SheetOptions,
) {
    for layout in SheetLayout::shipped() {
        if ui.button(&layout.name).clicked() {
            // A list as it stands, whatever is selected of it; counts are of the whole ledger.
            let all = || now.ledger.rows.iter().map(LedgerRow::id).collect();
            let is_list = layout.rows == SheetRows::Items;
            let items = if is_list { listed.to_vec() } else { all() };
            let words = if is_list { by.words() } else { LedgerFilter::all().words() };
            let job = Job { items, ..Job::of(ctx, now, listed) };
            save_sheet(ctx, job, layout, (words, options));
            ui.close();
        }
    }
}

/// A patrol sheet, by what its codes open.
fn patrol_ui(ui: &mut Ui, ctx: &Ctx<'_>, now: &Arc<LedgerNow>, listed: &[RecordId]) {
    let label = ctx.say(LedgerPaper::Patrol.label());
    ui.menu_button(
        ctx.tell(format!("{label}（扫码导航）"), format!("{label} with codes")),
        |ui| {
            for link in MapLink::ALL {
                ui.horizontal(|ui| {
                    for format in [PaperFormat::Docx, PaperFormat::Pdf] {
                        let name = match format {
                            PaperFormat::Docx => format!("{} Word", ctx.say(link.label())),
                            _ => "PDF".to_owned(),
                        };
                        if ui.button(name).clicked() {
                            let job = Job { link, ..Job::of(ctx, now, listed) };
                            send(ctx, job, LedgerPaper::Patrol, format);
                            ui.close();
                        }
                    }
                });
            }
        },
    );
}

impl Job {
    /// For the selected items; where fewer than two are selected, the one or all that are listed.
    fn of(ctx: &Ctx<'_>, now: &Arc<LedgerNow>, listed: &[RecordId]) -> Self {
        let is_item = |id: &&RecordId| now.ledger.row(**id).is_some();
        let selected: Vec<RecordId> = ctx.selection.iter().filter(is_item).copied().collect();
        let district = ctx.district.as_ref();
        Self {
            world: ctx.sealed_world(),
            now: Arc::clone(now),
            items: if selected.is_empty() { listed.to_vec() } else { selected },
            district: district.map(|district| district.path.clone()).unwrap_or_default(),
            templates: ctx.folder.clone(),
            by: ctx.stamp().actor.to_string(),
            outgoing: ctx.outgoing(),
            link: MapLink::default(),
            days: SPANS[0],
        }
    }

    fn rows(&self) -> Vec<&LedgerRow> {
        self.items.iter().filter_map(|id| self.now.ledger.row(*id)).collect()
    }
}

fn failed(target: &Path, why: &LocalizedText) -> Action {
    let file = target.display();
    Action::Say(Toast::new(
        Tone::Act,
        LocalizedText::new(
            format!("未能生成：{file}（{}）", why.zh),
            format!("Not written: {file}: {}", why.en),
        ),
    ))
}

/// Writes a paper a unit, where it goes to units, and notes its number with the items.
fn send(ctx: &Ctx<'_>, job: Job, paper: LedgerPaper, format: PaperFormat) {
    let name = format!("{}{}.{}", paper.label().zh, job.now.now.date(), format.ending());
    let kind = ctx.say(format.words()).to_owned();
    let actions = ctx.actions.clone();
    ctx.actions.work("ledger paper", move |_| {
        let Some(target) = actions.ask_where_to_save(&name, &kind) else { return Action::Nothing };
        let (mut done, mut files) = (Vec::new(), Vec::new());
        let mut numbers = numbers(&job.world, paper, job.now.now.year());
        // What is handed over by it goes to who answers for it.
        let ledger = match paper.step() {
            Some(StepKind::HandOver) => {
                let owners = Owners::of(&job.world, job.now.now.date());
                Cow::Owned(job.now.ledger.with_owners(&owners))
            }
            _ => Cow::Borrowed(&job.now.ledger),
        };
        let rows = job.items.iter().filter_map(|id| ledger.row(*id)).collect();
        for (unit, rows) in by_unit(paper, rows) {
            let number = numbers.next().unwrap_or_default();
            let own = named_with(&target, &unit);
            match write(&job, &ledger, (paper, format), (&own, &unit, &number), &rows) {
                Ok(()) => {
                    let what = format!("{} {number}", paper.label().zh);
                    done.push(job.outgoing.written(EditKind::Paper, &own, &[what]));
                    files.push(own);
                    if let Some(step) = paper.step() {
                        let mut deed = Deed::new(step, &job.by, job.now.now);
                        deed.reason = format!("{} {number}", paper.label().zh);
                        deed.number = number;
                        let ids = rows.iter().map(|row| row.id()).collect();
                        done.push(Action::Ledger(LedgerAction::Sent(ids, Box::new(deed))));
                    }
                }
                Err(why) => {
                    done.push(failed(&own, &why));
                    return Action::All(done);
                }
            }
        }
        let said = match files.as_slice() {
            [one] => Toast::wrote(Text::new("已生成", "written"), one.clone()),
            all => {
                let folder = target.parent().unwrap_or(&target).to_owned();
                Toast::done(
                    format!("已生成 {} 份（每个单位一份）：{}", all.len(), folder.display()),
                    format!("{} written, one a unit: {}", all.len(), folder.display()),
                )
                .with_file(folder)
            }
        };
        done.push(Action::Say(said));
        Action::All(done)
    });
}

fn write(
    job: &Job,
    ledger: &Ledger,
    (paper, format): (LedgerPaper, PaperFormat),
    (target, unit, number): (&Path, &str, &str),
    rows: &[&LedgerRow],
) -> Result<(), LocalizedText> {
    let own = ledger_template(&job.templates, paper.key());
    let template = match std::fs::read(&own) {
        Ok(bytes) => text(&bytes)?,
        Err(_) => paper.template().to_owned(),
    };
    // Photos are read past the keeper, who has other things to do.
    let reader = DistrictReader::open(&job.district)?;
    let photo = |name: &str| picture(&reader.attachment(name).ok()??.content, name);
    let today = job.now.now.date();
    let first = today.checked_sub((job.days - 1).days()).unwrap_or(today);
    let request = PaperRequest {
        world: &job.world,
        ledger,
        items: rows.to_vec(),
        unit,
        number,
        now: job.now.now,
        answer_by: job.now.now.checked_add(24.hours()).unwrap_or(job.now.now),
        between: (paper == LedgerPaper::Bulletin).then_some((first, today)),
        picture: &photo,
        link: job.link,
    };
    let paper = blocks(&template, &request)?;
    let bytes = format.bytes(&paper, today, number)?;
    Ok(write_whole(target, &bytes)?)
}

fn save_sheet(
    ctx: &Ctx<'_>,
    job: Job,
    layout: SheetLayout,
    (filter, options): (String, SheetOptions),
) {
    let name = format!("{}{}.xlsx", layout.name, job.now.now.date());
    let actions = ctx.actions.clone();
    ctx.actions.work("ledger sheet", move |_| {
        let Some(target) = actions.ask_where_to_save(&name, "Excel") else {
            return Action::Nothing;
        };
        sheet_file(&job, &layout, (filter, options), target)
    });
}

/// In columns that a file of the office names.
fn save_by_own(ctx: &Ctx<'_>, job: Job, filter: String) {
    let actions = ctx.actions.clone();
    let title = ctx.tell("选择列名文件", "Choose the file with the heads");
    ctx.actions.work("ledger sheet", move |_| {
        let dialog = FileDialog::new().set_title(title).add_filter("csv, txt", &["csv", "txt"]);
        let Some(file) = actions.picked(dialog, FileDialog::pick_file) else {
            return Action::Nothing;
        };
        let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let heads = std::fs::read(&file)
            .map_err(LocalizedText::from)
            .and_then(|bytes| text(&bytes).map_err(LocalizedText::from));
        let layout = match heads.map(|heads| SheetLayout::read(&name, &heads)) {
            Ok(Some(layout)) => layout,
            Ok(None) => {
                let file = file.display();
                return Action::Say(Toast::act(
                    format!("{file} 里没有列名；每行写一个，或用逗号隔开"),
                    format!("There are no heads in {file}: write one a line"),
                ));
            }
            Err(why) => {
                let file = file.display();
                return Action::Say(Toast::act(
                    format!("列名文件读不出来：{file}（{}）", why.zh),
                    format!("The heads cannot be read: {file}: {}", why.en),
                ));
            }
        };
        let name = format!("{}{}.xlsx", layout.name, job.now.now.date());
        let Some(target) = actions.ask_where_to_save(&name, "Excel") else {
            return Action::Nothing;
        };
        let options = SheetOptions { with_persons: false, with_sanctions: false };
        sheet_file(&job, &layout, (filter, options), target)
    });
}

fn sheet_file(
    job: &Job,
    layout: &SheetLayout,
    (filter, options): (String, SheetOptions),
    target: PathBuf,
) -> Action {
    let rows = job.rows();
    let cells = Cells::of(&job.world, &job.now.ledger, job.now.now, options);
    let when = moment_words(job.now.now);
    let sheet = table(layout, &rows, &cells, filter.clone());
    let about = format!("筛选：{filter}　时刻：{when}　共 {} 条", sheet.rows.len());
    let mut paper = vec![Block::Title(layout.name.clone()), Block::Table(sheet)];
    paper.extend(layout.note().map(|note| Block::Note(note.to_owned())));
    let written = PaperFormat::Xlsx
        .bytes(&paper, job.now.now.date(), &about)
        .map_err(LocalizedText::from)
        .and_then(|bytes| write_whole(&target, &bytes).map_err(LocalizedText::from));
    exported(&job.outgoing, &[format!("ledger {}", layout.name), filter], target, written)
}

/// Says that a list was written, and keeps that in the journal; or why it was not.
pub(super) fn exported(
    outgoing: &Outgoing,
    asked: &[String],
    target: PathBuf,
    written: Result<(), LocalizedText>,
) -> Action {
    match written {
        Ok(()) => {
            let went = outgoing.written(EditKind::Export, &target, asked);
            let said = Toast::wrote(Text::new("已导出", "exported"), target);
            Action::All(vec![went, Action::Say(said)])
        }
        Err(why) => failed(&target, &why),
    }
}

/// The selected items, else all that are listed, with their photos, papers and earlier states.
fn save_package(ctx: &Ctx<'_>, job: Job, filter: String) {
    let name = format!("台账{}.{ENDING}", job.now.now.date());
    let actions = ctx.actions.clone();
    let stamp = ctx.stamp();
    ctx.actions.work("ledger package", move |_| {
        let Some(target) = actions.ask_where_to_save(&name, ".shapan") else {
            return Action::Nothing;
        };
        let about = About {
            made_at: stamp.at.to_string(),
            made_by: job.by.clone(),
            district: job.district.file_stem().unwrap_or_default().to_string_lossy().into_owned(),
            chosen: filter.clone(),
            ..About::default()
        };
        let packed = || -> Result<(), LocalizedText> {
            let reader = DistrictReader::open(&job.district)?;
            let bytes = pack(&reader, &job.world, &job.items, about)?;
            Ok(write_whole(&target, &bytes)?)
        };
        match packed() {
            Ok(()) => {
                let asked = ["package".to_owned(), filter];
                let went = job.outgoing.written(EditKind::Export, &target, &asked);
                let said = Toast::wrote(Text::new("已打包", "packed"), target);
                Action::All(vec![went, Action::Say(said)])
            }
            Err(why) => failed(&target, &why),
        }
    });
}
