/** The page in Chinese: what each English text says. @type {Record<string, string>} */
export const zh = {
  // Views
  Explorer: "API 探索", Instances: "实例", Time: "时间", Journal: "调用日志", Faults: "故障", Money: "资金", Replication: "复制组", Signature: "签名",
  // Common
  "(none)": "（无）", Account: "账号", Action: "接口", Actions: "接口", Address: "地址", "An example": "示例", Answer: "响应", "Answer copied": "已复制响应",
  Billing: "计费", Clear: "清空", Client: "客户端", Close: "关闭", Code: "代码", Copied: "已复制", Copy: "复制", Created: "创建时间", Edition: "版本",
  Endpoint: "接入点", Filter: "筛选", Form: "表单", "Go on": "继续", History: "历史", Name: "名称", Parameters: "参数", Pause: "暂停", Pretty: "美化", Raw: "原文",
  Region: "地域", Send: "发送", Set: "设置", Status: "状态", Took: "耗时", When: "时机", Why: "原因", Zone: "可用区", all: "全部", before: "之前", unknown: "未知",
  live: "已连接", "not connected": "未连接", real: "真实时间", manual: "手动", "Light or dark": "浅色或深色", "The cloud's clock": "云端时钟", "another…": "其他…",
  "Reading the state…": "正在读取状态…", "and {count} more": "另有 {count} 个", "{shown} of {all}": "{shown} / {all}",
  "This server asks for its control token": "此服务器需要控制令牌", "It was set with --control-token. It is kept until this tab is closed.": "由 --control-token 设置，仅保留到关闭此标签页。",
  // Types
  string: "字符串", integer: "整数", "unsigned integer": "无符号整数", boolean: "布尔", float: "浮点数", object: "对象", array: "数组", "list of": "列表：",
  // Families
  "Instances, orders, billing": "实例、订单与计费", "Scaling, architecture & versions": "扩缩容、架构与版本", Tasks: "任务", "Network, bandwidth, TLS": "网络、带宽与 TLS",
  "Accounts & passwords": "账号与密码", "Parameters & templates": "参数与模板", "Backup & restore": "备份与恢复", "Topology, availability, failover": "拓扑、可用性与切换",
  "Global replication groups": "全球复制组", "Security groups": "安全组", "Maintenance & events": "维护与事件", "Monitoring & slow logs": "监控与慢日志", "Audit log & log delivery": "审计日志与投递",
  // Explorer
  "Search actions": "搜索接口", "Search actions, parameters, codes": "搜索接口、参数、错误码", "No action is like that.": "没有这样的接口。", "not yet": "未实现",
  "The call": "调用", "The result": "结果", "There is no action {name}.": "没有接口 {name}。", reads: "只读", "changes something": "会修改", "{limit} a second": "每秒 {limit} 次",
  "no behaviour yet: it answers ActionOffline": "尚未实现：返回 ActionOffline", "Key pair": "密钥对", "not signed": "不签名", "Copy link": "复制链接",
  "Link copied: it fills the form and sends nothing": "链接已复制：打开时只填表，不发送", "Parameters as JSON": "JSON 形式的参数", "It takes no parameters.": "无需参数。",
  required: "必填", "no effect": "无作用", "accepted without effect": "接受但无作用", "No more than {most} are taken.": "最多 {most} 个。", "an object is wanted": "应为对象",
  "Take item {at} of {name} away": "删除 {name} 的第 {at} 项", "Nothing was sent yet.": "尚未发送。", "Fill the form and press Send, or Ctrl+Enter.": "填写表单后点“发送”，或按 Ctrl+Enter。",
  answered: "成功", refused: "被拒绝", "no answer": "无响应", "Copy the RequestId": "复制 RequestId", "RequestId copied": "已复制 RequestId", Contract: "契约", "Code copied": "代码已复制",
  "What it answers": "响应内容", "nothing but the RequestId": "仅有 RequestId", "Codes that it documents ({count})": "文档列出的错误码（{count}）", "No list of codes is published for it.": "未公布错误码列表。",
  "Nothing here brings it about by itself; a fault rule does.": "此处不会自行出现，可用故障规则触发。", "What brings it about here ({count})": "在此处的成因（{count}）",
  "{action} documents this code.": "{action} 的文档列有此错误码。", "The code is common to all actions.": "这是公共错误码。", "The call was refused.": "调用被拒绝。",
  "Provoke it: arm a fault for the next call": "触发它：为下一次调用布置故障", "Fault {id} strikes the next {action}.": "故障 {id} 将作用于下一次 {action}。",
  "What you send is listed here, until this tab is closed. Passwords are not kept.": "发送过的调用列在此处，直到关闭标签页；不保留密码。", "Fill the form with it": "填入表单", "Fill the explorer's form with it": "填入探索表单",
  "The parameters of this link cannot be read.": "无法读取此链接的参数。",
  // Meanings
  "The action has no behaviour here yet.": "该接口在此尚未实现。", "Who calls could not be proved.": "无法确认调用者身份。", "It would have been carried out.": "本可执行（仅预检）。", "The operation itself failed.": "操作失败。",
  "Something inside the cloud failed.": "云端内部错误。", "There is no such action.": "没有这个接口。", "A parameter is wrong, or does not go with the others.": "参数错误，或与其他参数不相容。", "The value of a parameter is not allowed.": "参数取值不允许。",
  "A limit is exceeded.": "超过限额。", "A parameter that is required was not sent.": "缺少必填参数。", "There is no such version of the API.": "没有这个 API 版本。", "Too many calls in this second.": "这一秒内调用过多。",
  "Something is in use.": "资源被占用。", "There is not enough of it.": "资源不足。", "What is named does not exist.": "指定的资源不存在。", "What is named cannot be used as it stands.": "资源当前状态不可用。", "It is sold out.": "已售罄。",
  "The caller may not do this.": "调用者无权操作。", "A parameter was sent that the action does not have.": "传入了该接口没有的参数。", "The operation is not supported for what is named.": "该资源不支持此操作。",
  "The call came by a protocol that is not taken.": "不支持该协议。", "The region is not supported.": "不支持该地域。",
  // Instances
  "to be initialised": "待初始化", "in process": "流程中", running: "运行中", isolated: "已隔离", "to be deleted": "待删除", "Memory used": "内存用量", "Shards × replicas": "分片 × 副本", "Shards and replicas": "分片与副本",
  prepaid: "包年包月", postpaid: "按量计费", "all regions": "全部地域", "Filter by id, name, zone, edition": "按 ID、名称、可用区、版本筛选", "No instance is like that.": "没有这样的实例。", "One instance": "单个实例",
  "Back to all": "返回列表", "No instance {id} is in the state.": "状态中没有实例 {id}。", "As a fixture shows it": "以 fixture 形式查看", "MemUsed in MB": "MemUsed（MB）", master: "主", replica: "副本", shard: "分片",
  "and {count} more shards like these": "另有 {count} 个同样的分片", "{shards} shards, each with a master and {replicas} replicas": "{shards} 个分片，每个有一个主节点和 {replicas} 个副本",
  Flows: "流程", Deals: "订单", Backups: "备份", Events: "事件", Ledger: "账目", Tags: "标签", Params: "参数", Accounts: "账号", SecurityGroups: "安全组", MaintenanceWindow: "维护窗口",
  // Time
  "Next thing due": "到下一件事", "+1 min": "+1 分钟", "+1 h": "+1 小时", "+1 day": "+1 天", "+30 days": "+30 天", "Set the clock to": "将时钟设为", "Stop the clock there": "停在该时刻", "Let it run": "恢复走时",
  "The cloud's own clock: deadlines, bills and changes go by it. Signatures and the frequency limit go by real time.": "云端自己的时钟：到期、账单与变更依它而行；签名与频率限制按真实时间。",
  "Under way": "进行中", "Finish all": "全部完成", Finish: "完成", "Let it fail": "使其失败", "Ended since this page is open": "打开页面以来结束的", "Nothing yet.": "暂无。",
  "Nothing is under way. A change, UpgradeInstance say, begins something.": "没有进行中的流程；一次变更（如 UpgradeInstance）会产生流程。", seen: "已见", unseen: "未见", "a Describe has shown it under way": "已有查询看到它进行中",
  "no Describe has shown it yet": "还没有查询看到它", "will {fate}": "将 {fate}", "by hand": "待手动", due: "到期", ended: "已结束", failed: "失败", begun: "开始", "task type": "任务类型",
  // Journal
  "all answers": "全部响应", "Id, parameter, client": "ID、参数、客户端", Forget: "清除", "One call": "单次调用", fault: "故障", "no action": "无接口", "Without effect": "无作用", "Open in the explorer": "在探索中打开",
  "Make this a fault": "转为故障", "Make this a fixture": "转为 fixture", "Test in Python": "Python 测试", "Test in Go": "Go 测试", "Test in Rust": "Rust 测试", "{count} went by too fast to be read here": "有 {count} 条过快未读",
  "No call is like that. Calls of the API come here as they are answered; those of this page's control API do not.": "没有这样的调用。API 调用在应答后出现于此；本页使用的控制 API 不计入。",
  // Faults
  "Arm one": "布置一条", Arm: "布置", "How often": "次数", "what becomes of it": "结果", "answers a code": "返回错误码", "is late": "延迟", "gets no answer": "没有响应", "begins a change that fails": "产生会失败的变更",
  "begins a change that never ends": "产生不结束的变更", "before the effect": "生效之前", "after the effect": "生效之后", "The rule as JSON": "JSON 形式的规则", "Fault {id} is armed.": "故障 {id} 已布置。", "Take away": "移除", "Take all away": "全部移除",
  "No fault rule stands. Every call takes its usual way.": "没有故障规则，调用照常进行。", "every call": "所有调用", spent: "已用尽", "struck {fired}": "已触发 {fired} 次", "struck {fired} of {times}": "已触发 {fired} / {times} 次",
  // Money
  "Balance in yuan": "余额（元）", "Booked as an Adjustment": "已记为调整", "There is no account.": "没有账号。", "Nothing was booked yet. An order books something.": "尚无账目；下单后会有。", "The balance over time": "余额变化", "The ledger ({count})": "账目（{count}）",
  Freeze: "冻结", Unfreeze: "解冻", Payment: "支付", Charge: "扣费", Refund: "退款", Adjustment: "调整",
  // Replication
  "Replication groups": "复制组", "There is no replication group.": "没有复制组。", "CreateReplicationGroup makes one; a fixture can hold some.": "可用 CreateReplicationGroup 创建，也可写在 fixture 中。",
  "The actions of replication groups have no behaviour here yet: they answer ActionOffline.": "复制组接口在此尚未实现：返回 ActionOffline。", "It has no members.": "没有成员。", "As the state holds it": "状态中的记录", "{count} members in {regions} regions": "{regions} 个地域的 {count} 个成员",
  // Signature
  "Signature check": "签名校验", "The request": "请求", "Paste a request: curl, raw HTTP, or its headers line by line with the body behind an empty line. Nothing leaves this page.": "粘贴请求：curl、原始 HTTP，或逐行请求头加空行后的请求体。内容不会离开本页。",
  "that of the SecretId, where it is known here": "已知的 SecretId 可留空", "Compare with your own steps": "与你的步骤比较", "Have your program print what it signs, and paste it here: the first place that differs is shown.": "让你的程序打印签名内容并粘贴到此处，将指出第一处不同。",
  "Your canonical request": "你的规范请求", "Your string to sign": "你的待签字符串", "The steps of the signature appear here.": "签名步骤将显示在此。", "No signature was found": "未找到签名", "The signature is right": "签名正确", "The signature is wrong": "签名错误",
  "The key of {id} is not known here: type it in.": "不知道 {id} 的密钥，请输入。", sent: "发送", right: "正确", yours: "你的", "Where it differs": "不同之处", "Yours is the same.": "与你的相同。", "Line {line}, character {column}:": "第 {line} 行第 {column} 个字符：",
  "None of the usual mistakes makes the signature that was sent. The key may be another one, or the body was changed on its way; compare with your own steps.": "常见错误都得不到所发送的签名。可能密钥不同，或请求体在途中被改动；请与你的步骤比较。",
  "Canonical request": "规范请求", "String to sign": "待签字符串", "Derived keys": "派生密钥", Authorization: "Authorization",
  "There is neither an Authorization header nor a parameter Signature.": "既没有 Authorization 头，也没有 Signature 参数。", "The Authorization header is not of the form TC3-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=….": "Authorization 头不符合 TC3-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=… 的形式。",
  "X-TC-Timestamp is missing, or is no number of seconds.": "缺少 X-TC-Timestamp，或不是秒数。", "The date of the scope is not the UTC date of the timestamp: a local time zone was used.": "凭证范围的日期不是时间戳的 UTC 日期：用了本地时区。",
  "The timestamp is more than five minutes from now: the call would be refused as expired, whatever its signature.": "时间戳与现在相差超过五分钟：无论签名如何都会因过期被拒。", "SignedHeaders leaves out content-type, which must be signed.": "SignedHeaders 缺少必签的 content-type。", "SignedHeaders leaves out host, which must be signed.": "SignedHeaders 缺少必签的 host。",
  "Content-Type was signed with its charset, and sent without.": "签名时 Content-Type 带 charset，发送时没有。", "Content-Type was signed without its charset, and sent with it.": "签名时 Content-Type 不带 charset，发送时带了。",
  "Content-Type was signed as application/json, and another was sent.": "签的是 application/json，发送的是别的 Content-Type。", "Content-Type was signed as that of a form, and another was sent.": "签的是表单的 Content-Type，发送的是别的。",
  "The host was signed without its port, and sent with it.": "签名时 Host 不带端口，发送时带了。", "The host was signed with a port, and sent without.": "签名时 Host 带端口，发送时没有。", "Another host was signed: the real endpoint.": "签的是另一个主机：真实接入点。", "The host was signed with a scheme in front.": "签名的 Host 前带了协议。",
  "An empty body was signed.": "签的是空请求体。", "The body was signed as {}.": "签的请求体是 {}。", "The body was signed with a line feed at its end.": "签的请求体末尾多了换行。", "The key was used without TC3 in front, or twice.": "密钥前没有或重复了 TC3。", "The key has a blank or a line feed at its end.": "密钥末尾有空白或换行。",
  "The method was signed as GET.": "签的方法是 GET。", "The method was signed as POST.": "签的方法是 POST。", "The path was signed empty.": "签的路径为空。", "Another service was signed than the scope names.": "签的服务与范围中的不同。",
  "The body was not signed (UNSIGNED-PAYLOAD), and the request does not say so.": "请求体未签名（UNSIGNED-PAYLOAD），但请求没有声明。", "The date of another time zone was used for the keys.": "派生密钥时用了其他时区的日期。", "The UTC date was used for the keys, and another one sent in the scope.": "派生密钥用 UTC 日期，范围里却是别的日期。",
  "The body was signed in one form and sent in another: it was written to JSON twice.": "请求体签名与发送的形式不同：被序列化了两次。", "The values were signed as a URL has them, and must be signed decoded.": "签了 URL 编码后的值，应签解码后的值。", "Parameters with an empty value were left out.": "空值参数被略去。",
  "The signature was made with the other hash than SignatureMethod names.": "签名所用散列与 SignatureMethod 不符。", "The signature holds blanks: its plus signs were not escaped.": "签名含空格：加号未转义。",
};
