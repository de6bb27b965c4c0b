using System.IO.Pipelines;
using Microsoft.Net.Http.Headers;

namespace ClientFailover.Service.Transport.Rest;

/// <summary>What a body of a REST request may be, checked before transcoding would misreport it as malformed JSON.</summary>
internal static class RequestBody
{
    /// <summary>The greatest length, in bytes.</summary>
    public const int MaximumLength = 192 * 1024;

    // A client that is still sending would not see the answer: it gets this far.
    private const int DrainLimit = 1024 * 1024;

    /// <summary>Whether the body is declared as JSON that can be read.</summary>
    /// <param name="request">The request.</param>
    /// <returns>False: 415.</returns>
    public static bool IsJson(HttpRequest request) =>
        request.ContentType is { } type
        && (type == "application/json"
            || (MediaTypeHeaderValue.TryParse(type, out var media)
                && media.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
                && (!media.Charset.HasValue || media.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase)
                    || media.Charset.Equals("\"utf-8\"", StringComparison.OrdinalIgnoreCase))));

    /// <summary>Whether the body is short enough. If it is not, it is read and forgotten, up to a limit.</summary>
    /// <param name="request">The request.</param>
    /// <returns>False: 413.</returns>
    public static Task<bool> FitsAsync(HttpRequest request) => request.ContentLength switch
    {
        null => MeasureAsync(request.BodyReader),
        <= MaximumLength => Task.FromResult(true),

        // The client waits for leave to send: it need not send at all.
        _ when request.Headers.Expect.Count > 0 => Task.FromResult(false),
        _ => DrainAsync(request.BodyReader, 0),
    };

    // Looks at the whole body without consuming it. It stays within what the server buffers anyway.
    private static async Task<bool> MeasureAsync(PipeReader body)
    {
        while (true)
        {
            var read = await body.ReadAsync();
            var length = read.Buffer.Length;
            if (length > MaximumLength)
            {
                body.AdvanceTo(read.Buffer.End);
                return await DrainAsync(body, length);
            }

            body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            if (read.IsCompleted)
            {
                return true;
            }
        }
    }

    private static async Task<bool> DrainAsync(PipeReader body, long drained)
    {
        while (drained <= DrainLimit)
        {
            var read = await body.ReadAsync();
            drained += read.Buffer.Length;
            body.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                break;
            }
        }

        return false;
    }
}
