"""Which page shows what, but for the first: loaded when that one stands, or when another is asked for."""

from __future__ import annotations

from kiosk import prompts
from kiosk.prompts import Prompt
from screens.advice import AdvicePage
from screens.card_report import CardReportPage
from screens.choose import ChoosePage
from screens.confirm import ConfirmPage
from screens.home import HomePage
from screens.insert_card import InsertCardPage
from screens.lay_id_card import LayIdCardPage
from screens.out_of_service import OutOfServicePage
from screens.page import Page
from screens.privacy_notice import PrivacyNoticePage
from screens.progress import ProgressPage
from screens.refusal import RefusalPage
from screens.result import ResultPage
from screens.take_cards import TakeCardsPage
from screens.topics import TopicsPage
from screens.type_code import TypeCodePage
from screens.type_number import TypeNumberPage
from screens.type_pin import TypePinPage
from screens.working import WorkingPage

PAGES: dict[type[Prompt], type[Page]] = {
    prompts.Home: HomePage,
    prompts.PrivacyNotice: PrivacyNoticePage,
    prompts.LayIdCard: LayIdCardPage,
    prompts.InsertCard: InsertCardPage,
    prompts.CardReport: CardReportPage,
    prompts.Confirm: ConfirmPage,
    prompts.Choose: ChoosePage,
    prompts.Progress: ProgressPage,
    prompts.TypeCode: TypeCodePage,
    prompts.TypeNumber: TypeNumberPage,
    prompts.TypePin: TypePinPage,
    prompts.Working: WorkingPage,
    prompts.Result: ResultPage,
    prompts.Refusal: RefusalPage,
    prompts.Topics: TopicsPage,
    prompts.Advice: AdvicePage,
    prompts.TakeCards: TakeCardsPage,
    prompts.OutOfService: OutOfServicePage,
}
