-- A small twilio-node: one product "widgets", written as the real one is, into a folder.

local node_package = {}

node_package.script = [[
class Color {
    constructor(payload) {
        this.shortName = payload["short_name"];
        this.shades = payload["shades"];
    }
}
exports.Color = Color;
class ThingContextImpl {
    constructor(_version, thingId) {
        this._uri = `/Things/${thingId}`;
    }
    get parts() {
        this._parts =
            this._parts || (0, part_1.PartListInstance)(this._version, this._solution.thingId);
        return this._parts;
    }
    remove(params, callback) {
        const headers = {};
        if (params["ifMatch"] !== undefined)
            headers["If-Match"] = params["ifMatch"];
        let operationVersion = instance._version, operationPromise = operationVersion.remove({
            uri: instance._uri,
            method: "delete",
            headers,
        });
    }
    patch(params, headers, callback) {
        let data = {};
        data = params;
        headers["Content-Type"] = "application/json";
        headers["Accept"] = "application/json";
        let operationVersion = instance._version, operationPromise = operationVersion.patch({
            uri: instance._uri,
            method: "patch",
            data,
            headers,
        });
    }
    patchWithHttpInfo(params, headers, callback) {
        let operationVersion = instance._version;
        let operationPromise = operationVersion
            .patchWithResponseInfo({ uri: instance._uri, method: "patch" });
    }
}
exports.ThingContextImpl = ThingContextImpl;
function ThingListInstance(version) {
    instance._uri = `/Things`;
    instance.create = function create(params, callback) {
        let data = {};
        data["FriendlyName"] = params["friendlyName"];
        if (params["from"] !== undefined)
            data["StartDate<"] =
                serialize.iso8601Date(params["from"]);
        if (params["tags"] !== undefined)
            data["Tags"] = serialize.map(params["tags"], (e) => serialize.object(e));
        if (params["when"] !== undefined)
            data["When"] = serialize.iso8601DateTime(params["when"]);
        if (params["attributes"] !== undefined)
            data["Attributes"] = serialize.object(params["attributes"]);
        headers["Content-Type"] = "application/x-www-form-urlencoded";
        headers["Accept"] = "application/json";
        let operationVersion = version, operationPromise = operationVersion.create({
            uri: instance._uri,
            method: "post",
            data,
            headers,
        });
    };
    instance.page = function page(params, callback) {
        let data = {};
        if (params["kind"] !== undefined)
            data["Kind"] = params["kind"];
        if (params["pageSize"] !== undefined)
            data["PageSize"] = params["pageSize"];
        if (params.pageNumber !== undefined)
            data["Page"] = params.pageNumber;
        if (params.pageToken !== undefined)
            data["PageToken"] = params.pageToken;
        let operationVersion = version, operationPromise = operationVersion.page({
            uri: instance._uri,
            method: "get",
            params: data,
            headers,
        });
    };
    return instance;
}
class ThingPage extends Page_1.default {
}
]]

-- The child's file is required at the top.
node_package.requires = 'const part_1 = require("./thing/part");\n'

node_package.declared = [[
/** A sentence, with a brace: { */
export declare class Color {
    "shortName": string;
    /** Another. */
    "shades"?: Array<string> | null;
    constructor(payload: any);
}
export interface Color {
    shortName: string;
}
export type ThingKind = "round" | "square";
export interface ThingContextRemoveOptions {
    ifMatch?: string;
}
export interface ThingContextPatchOptions {
    color: Color;
    idempotencyKey?: string;
}
export interface ThingListInstanceCreateOptions {
    friendlyName: string;
    from?: Date;
    tags?: Array<any>;
    when?: Date;
    attributes?: object;
}
export interface ThingListInstancePageOptions {
    kind?: ThingKind;
    pageSize?: number;
    pageToken?: string;
}
export interface ThingContext {
    remove(params: ThingContextRemoveOptions, callback?: any): Promise<boolean>;
    patch(params: Color, headers?: any, callback?: any): Promise<ThingInstance>;
    toJSON(): any;
}
interface ThingPayload extends TwilioResponsePayload {
    things: ThingResource[];
}
interface ThingResource {
    id: string;
    color: Color;
    extra: {
        [key: string]: number;
    };
    box?: {
        width: number;
    };
}
export interface ThingListInstance {
    create(params: ThingListInstanceCreateOptions, callback?: any): Promise<ThingInstance>;
    toJSON(): any;
}
]]

local part = { script = [[
function PartListInstance(version, thingId) {
    instance._uri = `/Things/${thingId}/Parts`;
    instance.fetch = function fetch(callback) {
        headers["Accept"] = "application/json";
        let operationVersion = version, operationPromise = operationVersion.fetch({
            uri: instance._uri,
            method: "get",
            headers,
        });
    };
}
]], declared = [[
interface PartResource {
    id: string;
}
export interface PartListInstance {
    fetch(callback?: any): Promise<PartInstance>;
    toJSON(): any;
}
]] }

local function version(mounts)
   return [[
const Version_1 = __importDefault(require("../../base/Version"));
const thing_1 = require("./v1/thing");
class V1 extends Version_1.default {
    constructor(domain) {
        super(domain, "v1");
    }
]] .. mounts .. "}\n"
end

local base = [[
const V1_1 = __importDefault(require("./widgets/V1"));
class WidgetsBase extends Domain_1.default {
    constructor(twilio) {
        super(twilio, "https://widgets.twilio.com");
    }
    get v1() {
        this._v1 = this._v1 || new V1_1.default(this);
        return this._v1;
    }
}
]]

local mount = [[
    get things() {
        this._things = this._things || (0, thing_1.ThingListInstance)(this);
        return this._things;
    }
]]

local function save(path, text)
   local file = assert(io.open(path, "wb"))
   file:write(text)
   file:close()
end

--- Writes the package. changes: { script =, declared =, mount = } instead of the usual texts.
-- Returns its folder.
function node_package.write(changes)
   changes = changes or {}
   local folder = os.tmpname()
   os.remove(folder)
   local rest = folder .. "/lib/rest/"
   assert(os.execute(("mkdir -p %swidgets/v1/thing"):format(rest)))
   save(folder .. "/package.json", '{ "version": "1.2.3" }')
   save(rest .. "WidgetsBase.js", base)
   save(rest .. "Widgets.js", "")
   save(rest .. "widgets/V1.js", version(changes.mount or mount))
   save(
      rest .. "widgets/v1/thing.js",
      node_package.requires .. (changes.script or node_package.script))
   save(rest .. "widgets/v1/thing.d.ts", changes.declared or node_package.declared)
   save(rest .. "widgets/v1/thing/part.js", "\n" .. part.script)
   save(rest .. "widgets/v1/thing/part.d.ts", part.declared)
   return folder
end

return node_package
