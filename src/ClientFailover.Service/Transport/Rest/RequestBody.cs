using System.IO.Pipelines;
using Microsoft.Net.Http.Headers;

namespace ClientFailover.Service.Transport.Rest;

/// <summary>What a body of a REST request may be, checked before transcoding would misreport it as malformed JSON.</summary>
internal static class RequestBody
{
    private const string Json = "application/json";

    // A client that is still sending would not see the answer: it gets this far.
    private const int DrainLimit = 1024 * 1024;

    /// <summary>
    /// Whether the body is declared as JSON that can be read. Leaves the declaration in its plainest form: transcoding
    /// fails on charsets that it does not know, and answers in those that it does.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <returns>False: 415.</returns>
    public static bool IsJson(HttpRequest request)
    {
        if (request.ContentType == Json)
        {
            return true;
        }

        var isJson = MediaTypeHeaderValue.TryParse(request.ContentType, out var media)
            && media.MediaType.Equals(Json, StringComparison.OrdinalIgnoreCase)
            && (!media.Charset.HasValue || media.Charset.AsSpan().Trim('"').Equals("utf-8", StringComparison.OrdinalIgnoreCase));
        request.ContentType = Json;
        return isJson;
    }

    /// <summary>Whether the body is short enough. If it is not, it is read and forgotten, up to a limit.</summary>
    /// <param name="request">The request.</param>
    /// <param name="maximum">The greatest length, in bytes.</param>
    /// <returns>False: 413.</returns>
    public static Task<bool> FitsAsync(HttpRequest request, int maximum)
    {
        if (request.ContentLength <= maximum)
        {
            return Task.FromResult(true);
        }

        if (request.Headers.Expect.Count > 0 && request.ContentLength is not null)
        {
            // The client waits for leave to send: it need not send at all.
            return Task.FromResult(false);
        }

        return request.ContentLength is null ? MeasureAsync(request.BodyReader, maximum) : DrainAsync(request.BodyReader, 0);
    }

    // Looks at the whole body without consuming it. It stays within what the server buffers anyway.
    private static async Task<bool> MeasureAsync(PipeReader body, int maximum)
    {
        while (true)
        {
            var read = await body.ReadAsync();
            var length = read.Buffer.Length;
            if (length > maximum)
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
