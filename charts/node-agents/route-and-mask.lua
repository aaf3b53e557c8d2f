-- Runs inside Fluent Bit on every record: says where it came from, how long it has to be kept, and hides what must not be kept.

local HIDDEN = "[hidden]"

-- Names of fields whose value is never kept, in lower case and without separators.
local SECRET_FIELDS = {
  authorization = true, cookie = true, setcookie = true, password = true, passwd = true, secret = true,
  token = true, accesstoken = true, refreshtoken = true, apikey = true, privatekey = true, idempotencykey = true,
  email = true, phone = true, iban = true, cardnumber = true,
}

local function is_secret(name)
  return SECRET_FIELDS[string.lower(string.gsub(tostring(name), "[-_%. ]", ""))] == true
end

-- Secrets inside of a text: tokens of HTTP headers, JSON web tokens, addresses of people, passwords in addresses.
local function mask_text(text)
  text = string.gsub(text, "([Bb]earer )[%w%-_%.=]+", "%1" .. HIDDEN)
  text = string.gsub(text, "eyJ[%w%-_]+%.[%w%-_]+%.[%w%-_]+", HIDDEN)
  text = string.gsub(text, "(%w+://[^:/@%s]+):[^@%s]+@", "%1:" .. HIDDEN .. "@")
  return (string.gsub(text, "[%w%.%+%-_]+@[%w%-]+%.[%w%.%-]+", HIDDEN))
end

local function mask(value)
  if type(value) == "string" then return mask_text(value) end
  if type(value) ~= "table" then return value end
  for key, item in pairs(value) do
    if is_secret(key) then value[key] = HIDDEN else value[key] = mask(item) end
  end
  return value
end

local function stream_of(record)
  if type(record.audit) == "table" then return "transactions" end
  if record.level == "debug" or record.level == "trace" then return "debug" end
  return "system"
end

-- The tag is kube.<namespace>.<pod>.<container>; names of pods and containers have no dots.
function route_and_mask(tag, timestamp, record)
  local namespace, pod, container = string.match(tag, "^kube%.([^%.]+)%.([^%.]+)%.([^%.]+)$")
  record = mask(record)
  record.namespace, record.pod, record.container = namespace, pod, container
  record.stream = stream_of(record)
  return 2, timestamp, record
end
