using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Google.Protobuf.Reflection;
using Google.Rpc;

namespace ClientFailover.Conformance.Identity.Matrix;

/// <summary>
/// Responsible for making the calls of the matrix as curl does, which speaks Kerberos: REST, and gRPC-Web, as the scheme does not exist
/// over HTTP/2. All calls that end go over one connection.
/// </summary>
/// <param name="realm">Runs curl.</param>
/// <param name="directory">Where what is received goes; it exists.</param>
/// <param name="service">Where to.</param>
/// <param name="certificate">Whom to trust.</param>
internal sealed partial class CurlBatch(KerberosRealm realm, string directory, Uri service, string certificate)
{
    // What does not end is seen for this long; far more than its beginning takes.
    private const string StreamSeconds = "20";

    private readonly StringBuilder _ending = new();
    private readonly List<string> _streaming = [];
    private int _number;

    /// <summary>Adds a route.</summary>
    /// <param name="route">The route.</param>
    /// <returns>Its number.</returns>
    public int Add(RestRoute route)
    {
        var options = new List<string> { $"request = \"{route.Verb}\"" };
        if (route.Body is { } body)
        {
            options.Add("header = \"Content-Type: application/json\"");
            options.Add($"data = \"{body}\"");
        }

        return Add(route.Path, options, route.Method.IsServerStreaming);
    }

    /// <summary>Adds a method.</summary>
    /// <param name="method">The method.</param>
    /// <returns>Its number.</returns>
    public int Add(MethodDescriptor method)
    {
        // A frame of no bytes: an empty message.
        var message = Path.Combine(directory, "message");
        System.IO.File.WriteAllBytes(message, new byte[5]);
        return Add(
            $"/{method.Service.FullName}/{method.Name}",
            ["header = \"Content-Type: application/grpc-web\"", $"data-binary = \"@{message}\""],
            method is { IsServerStreaming: true, IsClientStreaming: false });
    }

    /// <summary>Makes all that were added.</summary>
    /// <param name="tickets">As whom.</param>
    public async Task RunAsync(string tickets)
    {
        var runs = _streaming.Append(_ending.ToString()).Select(async (config, i) =>
        {
            var file = Path.Combine(directory, $"config{i}");
            await System.IO.File.WriteAllTextAsync(file, config);
            return await realm.CurlInPartAsync(tickets, "-K", file);
        });
        await Task.WhenAll(runs);
    }

    /// <summary>What a route answered.</summary>
    /// <param name="number">Its number.</param>
    public MatrixAnswer RestAnswer(int number)
    {
        var status = HttpStatus(number);
        return new MatrixAnswer(status, status is >= 200 and < 300 ? null : MatrixSender.ReasonOf(Body(number)));
    }

    /// <summary>What a method answered.</summary>
    /// <param name="number">Its number.</param>
    public MatrixAnswer GrpcAnswer(int number)
    {
        // In headers if nothing else was answered; else at the end of the body, if there is one.
        var told = Head(number) + "\n" + Body(number);
        var details = Details().Match(told);
        var reason = details.Success ? Google.Rpc.Status.Parser.ParseFrom(FromBase64(details.Groups[1].Value)).GetDetail<ErrorInfo>()?.Reason : null;
        var status = GrpcStatus().Match(told);
        return status.Success
            ? new MatrixAnswer(int.Parse(status.Groups[1].Value, CultureInfo.InvariantCulture), reason)
            : new MatrixAnswer(HttpStatus(number) == 200 ? 0 : 2, null);
    }

    private static byte[] FromBase64(string text) => Convert.FromBase64String(text.PadRight((text.Length + 3) / 4 * 4, '='));

    private int Add(string path, IEnumerable<string> options, bool streams)
    {
        var number = _number++;
        var config = string.Join('\n', [
            $"url = \"https://localhost:{service.Port}{path}\"", .. options, "http1.1", "negotiate", "user = \":\"", $"cacert = \"{certificate}\"",
            $"output = \"{File(number, "body")}\"", $"dump-header = \"{File(number, "head")}\"", $"max-time = {(streams ? StreamSeconds : "60")}", ""]);
        if (streams)
        {
            _streaming.Add(config);
        }
        else
        {
            _ending.Append(_ending.Length > 0 ? "next\n" : "").Append(config);
        }

        return number;
    }

    // The last of what curl received: before it there may be a challenge.
    private int HttpStatus(int number) =>
        StatusLine().Matches(Head(number)) is { Count: > 0 } lines ? int.Parse(lines[^1].Groups[1].Value, CultureInfo.InvariantCulture) : 0;

    private string Head(int number) => Read(number, "head");

    private string Body(int number) => Read(number, "body");

    private string Read(int number, string kind) => System.IO.File.Exists(File(number, kind)) ? Encoding.Latin1.GetString(System.IO.File.ReadAllBytes(File(number, kind))) : "";

    private string File(int number, string kind) => Path.Combine(directory, $"{number}.{kind}");

    [GeneratedRegex(@"HTTP/1\.1 (\d{3})")]
    private static partial Regex StatusLine();

    [GeneratedRegex(@"grpc-status: ?(\d+)", RegexOptions.IgnoreCase)]
    private static partial Regex GrpcStatus();

    [GeneratedRegex(@"grpc-status-details-bin: ?([A-Za-z0-9+/]+)", RegexOptions.IgnoreCase)]
    private static partial Regex Details();
}
