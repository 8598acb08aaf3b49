"""Every problem document of the centre: RFC 9457 with a stable code and a sentence in two languages.

400, 409 and 422 are about the item or question; 401 and 403 about the terminal, which then stops and keeps
everything; 404 is the call's answer; 429 asks to come again later.
"""

from __future__ import annotations

from kiosk.contract import Problem, Text


def _problem(status: int, code: str, zh: str, en: str) -> Problem:
    return Problem(code, status, Text(zh, en))


# --- who asks -----------------------------------------------------------------------------

NO_CERTIFICATE = _problem(401, "no_certificate", "请出示终端证书。", "Show the terminal's certificate.")
CERTIFICATE_REFUSED = _problem(
    401, "certificate_refused", "终端证书未登记或已吊销。", "The terminal's certificate is not on record, or revoked."
)
OTHER_TERMINAL = _problem(
    403, "other_terminal", "证书与报文中的终端不一致。", "The certificate names another terminal than the message."
)
SUSPENDED = _problem(403, "suspended", "本终端已被暂停使用。", "This terminal is suspended.")

# --- pairing ------------------------------------------------------------------------------

CODE_WRONG = _problem(403, "code_wrong", "配对码不正确。", "The pairing code is wrong.")
CODE_EXPIRED = _problem(
    403, "code_expired", "配对码已过期，请重新申领。", "The pairing code has expired; ask for another."
)
CODE_USED = _problem(403, "code_used", "配对码已使用，请重新申领。", "The pairing code was used; ask for another.")
CODE_BURNT = _problem(
    403, "code_burnt", "配对码错误次数过多，请重新申领。", "Too many wrong tries; ask for another pairing code."
)
CSR_REFUSED = _problem(422, "csr_refused", "证书申请无效。", "The certificate request is not a valid one.")
KEY_REFUSED = _problem(422, "key_refused", "密钥无效或已属于其他终端。", "A key is not valid, or another terminal's.")
RENEWAL_TOO_EARLY = _problem(
    409, "renewal_too_early", "证书尚未到更新时间。", "The certificate is not yet due for renewal."
)

# --- messages -----------------------------------------------------------------------------

MALFORMED = _problem(400, "malformed", "报文格式不符合接口规范。", "The message does not have the contract's form.")
TOO_LARGE = _problem(413, "too_large", "报文过大。", "The message is too large.")
INTERNAL = _problem(500, "internal", "中心系统出错，请稍后重试。", "The centre failed; try again later.")

SIGNATURE_WRONG = _problem(422, "signature_wrong", "签名无效。", "The signature is wrong.")
NOT_AN_ITEM = _problem(
    422, "not_an_item", "签名内容不是规定的业务报文。", "What was signed is not an item of the contract."
)
ID_DIFFERS = _problem(422, "id_differs", "编号与报文内容不一致。", "The id is not the signed item's.")
CONTENT_DIFFERS = _problem(
    409, "content_differs", "同一编号的内容不同。", "Another item with this id was stored before."
)
SEQ_TAKEN = _problem(409, "seq_taken", "该序号已被其他报文使用。", "Another item has this sequence number.")
CANNOT_OPEN = _problem(422, "cannot_open", "个人信息密文无法解开。", "The sealed personal data cannot be opened.")
NEVER_SEEN = _problem(404, "never_seen", "中心没有此笔业务。", "The centre has never seen this transaction.")
NOT_AUTHORISED = _problem(
    422,
    "not_authorised",
    "此笔业务未经授权，不能报告结果。",
    "No outcome can follow: the transaction was not authorised.",
)
NEVER_ISSUED = _problem(
    422,
    "never_issued",
    "中心没有为此笔业务给出安全报文，卡不可能已办理。",
    "The centre never gave a secure message for this: the chip cannot have done it.",
)

# --- questions ----------------------------------------------------------------------------

NO_SUCH_POLICY = _problem(404, "no_such_policy", "没有此版本的政策。", "There is no such policy version.")
CARD_UNKNOWN = _problem(404, "card_unknown", "未查到此卡。", "The centre has no such card.")
NOT_THIS_HOLDER = _problem(
    422, "not_this_holder", "这不是您本人的社保卡。", "The card is not that of the person in this visit."
)
NOT_GENUINE = _problem(
    422, "not_genuine", "此卡在本次办理中没有通过真伪鉴别。", "This chip has not proved in this visit to be genuine."
)
FACTOR_SEEN = _problem(409, "factor_seen", "过程因子已使用过。", "The card's challenge was used before.")
TOO_MANY = _problem(429, "too_many", "请求过于频繁，请稍后再试。", "Too many requests; come again later.")

NUMBERS_DIFFER = _problem(
    422,
    "numbers_differ",
    "身份证号码和原卡号对不上，请核对后再试。",
    "The ID number and the old card's number do not belong together; please check both.",
)
NO_PRODUCTION = _problem(
    404, "no_production", "没有查到您的制卡记录。", "There is no record of a new card being made for you."
)

# --- a code to the phone ------------------------------------------------------------------

HOLDER_UNKNOWN = _problem(404, "holder_unknown", "未查到您的参保信息。", "The centre has no record of this person.")
NO_PHONE = _problem(
    422,
    "no_phone",
    "您没有登记手机号码，请到窗口办理。",
    "No telephone number is registered; please go to the window.",
)
NO_PROOF_FOR_THIS = _problem(422, "no_proof_for_this", "此项业务不需要验证码。", "This work needs no code.")
NO_SUCH_PROOF = _problem(404, "no_such_proof", "没有发出过此验证码。", "No such code was sent.")
PROOF_LATE = _problem(409, "proof_late", "验证码已过期，请重新获取。", "The code has expired; ask for another.")
PROOF_BURNT = _problem(
    409, "proof_burnt", "验证码已失效，请重新获取。", "The code is not good any more; ask for another."
)

# --- clerks ---------------------------------------------------------------------------------

CLERK_REFUSED = _problem(
    422,
    "clerk_refused",
    "编号、密码或动态码不正确，或者不能登录。",
    "The number, the password or the code is not right, or may not sign in.",
)
CLERK_LOCKED = _problem(429, "clerk_locked", "错误次数过多，请稍后再试。", "Too many wrong tries; come again later.")

# --- the chip, live -----------------------------------------------------------------------

NOT_OPEN = _problem(
    409, "not_open", "此笔业务未获授权，或已经结束。", "This transaction is not authorised, or has ended."
)
TOO_LATE = _problem(409, "too_late", "授权已超时，没有办理。", "The authorisation is too old; nothing was done.")
ALREADY_GIVEN = _problem(
    409, "already_given", "此笔业务的密文已经给出，不再重复给出。", "This was given for this transaction before."
)
AUTHENTICATE_FIRST = _problem(
    409, "authenticate_first", "请先完成外部认证。", "The external authentication must come first."
)
FUNCTION_DIFFERS = _problem(
    422, "function_differs", "功能与此笔业务不符。", "The function is not what the transaction is for."
)
PIN_CANNOT_OPEN = _problem(422, "pin_cannot_open", "密码密文无法解开。", "The sealed PIN cannot be opened.")
PIN_REFUSED = _problem(422, "pin_refused", "密码格式不正确。", "This cannot be a PIN.")
