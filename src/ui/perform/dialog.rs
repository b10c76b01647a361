//! The dialog over the map: which is open.

use crate::domain::Text;
use crate::ui::action::DialogAction;
use crate::ui::app::App;
use crate::ui::ctx::Ctx;
use crate::ui::dialogs::{
    AdoptPage, BriefPage, CompactPage, DecisionPage, Dialog, ExportPage, FeedsPage, FoundingPage,
    History, Keys, NewMeeting, OfficePage, PackagePage, Palette, PhotoPage, PrintPage,
    RecordHistory, RenamePage, SettingsPage, SetupPage, SpeedsPage, SprintPage, WithdrawPage,
};

impl App {
    /// Opens or closes a dialog.
    pub(super) fn dialog(&mut self, action: DialogAction) {
        let ctx = Ctx { model: &self.model, actions: &self.actions };
        let dialog: Box<dyn Dialog> = match action {
            DialogAction::Close(title) => return self.close(title),
            DialogAction::Setup
            | DialogAction::Export
            | DialogAction::Print(_)
            | DialogAction::Brief
            | DialogAction::Decide
            | DialogAction::Compact
            | DialogAction::Feeds
            | DialogAction::Package(_)
                if self.model.district.is_none() =>
            {
                return;
            }
            DialogAction::Found => Box::new(FoundingPage::new()),
            DialogAction::Setup => Box::new(SetupPage),
            DialogAction::Export => Box::new(ExportPage::new(&self.model)),
            DialogAction::Print(extent) => {
                Box::new(PrintPage::new(&self.model, self.canvas.rect, extent))
            }
            DialogAction::Brief => Box::new(BriefPage::new(&self.model)),
            DialogAction::Decide => Box::new(DecisionPage::default()),
            DialogAction::Compact => Box::new(CompactPage::default()),
            DialogAction::History => Box::new(History),
            DialogAction::Settings => Box::new(SettingsPage::of(&self.model)),
            DialogAction::Office => Box::new(OfficePage::of(&self.model.folder)),
            DialogAction::Keys => Box::new(Keys),
            DialogAction::Palette => Box::new(Palette::default()),
            DialogAction::RenamePlan(plan) => Box::new(RenamePage::new(&plan)),
            DialogAction::AdoptPlan(plan) => Box::new(AdoptPage::new(&plan)),
            DialogAction::TruckSpeeds => Box::new(SpeedsPage::new()),
            DialogAction::RecordHistory(id, versions) => Box::new(RecordHistory::new(id, versions)),
            DialogAction::Attachment(id, name) => Box::new(PhotoPage::new(id, &name)),
            DialogAction::DecideOn { mark, said, near } => {
                Box::new(DecisionPage::of_mark(mark, &said, near))
            }
            DialogAction::Package(path) => Box::new(PackagePage::new(&ctx, path)),
            DialogAction::Feeds => Box::new(FeedsPage::of(&self.model)),
            DialogAction::Withdraw(delivery) => Box::new(WithdrawPage::new(delivery)),
            DialogAction::NewMeeting => Box::new(NewMeeting::new(&ctx)),
            DialogAction::NewSprint => Box::new(SprintPage::new(self.model.meeting.overview.today)),
        };
        self.show(Some(dialog));
    }

    /// In place of the dialog that is open, which is told; unless files wait in that one.
    pub(in crate::ui) fn show(&mut self, dialog: Option<Box<dyn Dialog>>) {
        if dialog.is_some() && self.dialog.as_mut().is_some_and(|old| !old.may_leave()) {
            return;
        }
        if let Some(mut old) = std::mem::replace(&mut self.dialog, dialog) {
            old.closed();
        }
    }

    fn close(&mut self, title: Text) {
        if self.dialog.as_ref().is_some_and(|dialog| dialog.title() == title) {
            self.show(None);
        }
    }
}
