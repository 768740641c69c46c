/** Money as whole fen in BigInt, never a floating number (DOMAIN, Money). */

const DIGITS = "零壹贰叁肆伍陆柒捌玖";
const UNITS = [
  [10n ** 8n, "亿"],
  [10n ** 4n, "万"],
  [1000n, "仟"],
  [100n, "佰"],
  [10n, "拾"],
];

const LARGEST = 10n ** 14n - 1n;
const AMOUNT = /^([+-]?)(\d{1,15}|\d{1,3}(?:,\d{3})+)(?:\.(\d*))?$/;

/** Half-width text of what a person may type: full-width digits, 人民币, ¥ and 元 allowed. */
function plain(text) {
  const half = text.normalize("NFKC").replace(/\s/g, "").replaceAll("−", "-");
  return half.replace(/^人民币/, "").replace(/^¥/, "").replace(/元$/, "");
}

/** Fen of a typed amount, or null when the server (MoneyFormField) would not take it for one. */
export function parseFen(text) {
  const match = AMOUNT.exec(plain(text));
  if (!match) return null;
  const [, sign, whole, typed = ""] = match;
  const decimals = typed.replace(/0+$/, "");
  if (decimals.length > 2) return null;
  const fen = BigInt(whole.replaceAll(",", "")) * 100n + BigInt(decimals.padEnd(2, "0"));
  if (fen > LARGEST) return null;
  return sign === "-" ? -fen : fen;
}

/** "3,200.00" of 320000n. */
export function formatFen(fen) {
  const digits = (fen < 0n ? -fen : fen).toString().padStart(3, "0");
  const whole = digits.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, ",");
  return `${fen < 0n ? "-" : ""}${whole}.${digits.slice(-2)}`;
}

/** Fen of quantity × price rounded half up; the quantity may have up to two decimals; null if unclear. */
export function multiply(quantity, price) {
  const hundredths = parseFen(quantity);
  const fen = parseFen(price);
  if (hundredths === null || fen === null) return null;
  return (hundredths * fen + 50n) / 100n;
}

function words(number) {
  if (number < 10n) return DIGITS[Number(number)];
  const [size, sign] = UNITS.find(([unit]) => number >= unit);
  const rest = number % size;
  const gap = rest > 0n && rest < size / 10n ? "零" : "";
  return words(number / size) + sign + gap + (rest > 0n ? words(rest) : "");
}

/** 人民币大写 of fen: 整 after 元 or 角, never after 分; "" for a negative amount. */
export function capitals(fen) {
  if (fen < 0n) return "";
  const yuan = fen / 100n;
  const jiao = (fen / 10n) % 10n;
  const last = fen % 10n;
  let text = yuan > 0n || fen === 0n ? `${words(yuan)}元` : "";
  if (jiao > 0n) text += `${words(jiao)}角`;
  else if (last > 0n && yuan > 0n) text += "零";
  text += last > 0n ? `${words(last)}分` : "整";
  return `人民币${text}`;
}
