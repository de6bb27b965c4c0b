using System.Text;

namespace ClientFailover.Conformance.Fuzz;

/// <summary>Requests that once were answered wrongly, or might well have been: every run begins with them.</summary>
internal static class KeptInputs
{
    private const string ListGroups = "/clientfailover.v1.GroupService/ListGroups";
    private const string Connect = "/clientfailover.v1.AdapterService/Connect";

    private const string Reflection = "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo";
    private const string Check = "/grpc.health.v1.Health/Check";

    private static readonly (string, string)[] Usual = [("content-type", "application/grpc"), ("te", "trailers")];

    /// <summary>Requests over HTTP/1.1.</summary>
    public static IReadOnlyList<RestInput> Rest { get; } =
    [
        Get("/api/v1/clientfailover"),
        Get("/api/v1/clientfailover/groups/%ed%a0%80"),
        Get("/api/v1/clientfailover/groups/a%2fb/../../../../healthz/live"),
        Get("/api/v1/clientfailover/groups?skip=%00&count="),

        // Were answered 500: names that are half a surrogate pair, a chunk of a size that no number holds, a trailer of no text.
        Post("/api/v1/clientfailover/groups", "Content-Length: 12", """{"\ud800":1}"""),
        Post("/api/v1/clientfailover/groups/Group0/clientsessions/a/heartbeat", "Content-Length: 25", """{"FailoverScore\ud800":1}"""),
        Post("/api/v1/clientfailover/groups", "Transfer-Encoding: chunked", "99999999999999999999\r\n{}\r\n0\r\n\r\n") with
        {
            IsWhole = false,
        },
        Post("/api/v1/clientfailover/groups", "Transfer-Encoding: chunked", "2\r\n{}\r\n0\r\nX: \u00ff\r\n\r\n") with
        {
            IsWhole = false,
        },

        // Was answered, but the web server then took the rest of the connection for a request, and logged that it could not.
        Post("/api/v1/clientfailover/groups", "Content-Length: 100", "{\"Id\":") with
        {
            IsWhole = false,
        },

        // Was taken for a defect: a caller that went while its body was read.
        Post("/api/v1/clientfailover/groups", "Content-Length: 100", "{\"Id\":") with
        {
            IsWhole = false,
            IsLeft = true,
        },
    ];

    /// <summary>Native calls.</summary>
    public static IReadOnlyList<CallInput> Calls { get; } =
    [
        Call(ListGroups, "0000000000"),

        // The web framework's INTERNAL for what is the caller's mistake: a compressed message without an encoding, one that
        // is cut off, none, and two.
        Call(ListGroups, "0100000000"),
        Call(ListGroups, "00000000050a"),
        Call(ListGroups),
        Call(ListGroups, "0000000000", "0000000000"),
        Call(Connect, "0100000000"),
        Call(Connect, "00000000050a"),
        Call(Connect, "00000000010a"),

        // Was taken for a defect: a flag that there is none of, a length that no message has, base64 and compression that are none.
        Call(Connect, "0200000000"),
        Call(Reflection, "ff00000000"),
        Call(Connect, "0100000002ffff") with
        {
            Headers = [.. Usual, ("grpc-encoding", "gzip")],
        },
        Call(Connect, "00ffffffff"),
        Call(Reflection, "00ffffffff"),
        Call(Connect, "0000000000") with
        {
            Headers = [("content-type", "application/grpc-web-text"), ("te", "trailers")],
        },

        // Was taken for a defect: the call had ended before its first message was read.
        Call(Connect, "0000000000") with
        {
            Headers = [.. Usual, ("grpc-timeout", "1n")],
        },
        Call(Connect, "0000000000") with
        {
            End = CallEnd.Reset,
        },

        // The framework's UNKNOWN and INTERNAL, of services that are the framework's.
        Call(Check, "0000000000"),
        Call(Check, "00000000025353"),
        Call(Check, "0100000000"),
        Call(Check, "0000000000", "0000000000"),
        Call(Check, "00000000020a7f"),
        Call(Reflection, "00000000021a7f"),
        Call(Connect, "0000000000") with
        {
            Headers = [("content-type", ""), ("te", "trailers")],
        },
    ];

    private static RestInput Get(string path) =>
        new(Sender.User, null, Encoding.Latin1.GetBytes($"GET {path} HTTP/1.1\r\n"), "Host: localhost\r\n\r\n"u8.ToArray(), []);

    private static RestInput Post(string path, string framing, string body) =>
        new(
            Sender.User,
            null,
            Encoding.Latin1.GetBytes($"POST {path} HTTP/1.1\r\n"),
            Encoding.Latin1.GetBytes($"Host: localhost\r\nContent-Type: application/json\r\n{framing}\r\n\r\n"),
            Encoding.Latin1.GetBytes(body));

    private static CallInput Call(string path, params string[] data) =>
        new(Sender.User, null, path, Usual, [.. data.Select(Convert.FromHexString)], CallEnd.Complete);
}
