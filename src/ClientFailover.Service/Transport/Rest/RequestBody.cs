using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
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

    /// <summary>Whether the body is sent as it is. Nothing is decompressed: a few bytes could become very many.</summary>
    /// <param name="request">The request.</param>
    /// <returns>False: 415.</returns>
    public static bool IsPlain(HttpRequest request) =>
        request.Headers.ContentEncoding is { Count: var count } encoding
        && (count == 0 || (count == 1 && (encoding[0] is null or "" || encoding[0]!.Equals("identity", StringComparison.OrdinalIgnoreCase))));

    /// <summary>
    /// Waits for all of the body without consuming it; it stays within what the server buffers anyway. If it is too
    /// long, it is read and forgotten, up to a limit.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="maximum">The greatest length, in bytes.</param>
    /// <returns>The body, to be given back to the request's reader by its start and end; null: it is too long, 413.</returns>
    public static ValueTask<ReadOnlySequence<byte>?> PeekAsync(HttpRequest request, int maximum)
    {
        if (request.ContentLength > maximum)
        {
            // A client that waits for leave to send need not send at all.
            return request.Headers.Expect.Count > 0 ? default : DrainAsync(request.BodyReader, 0);
        }

        return CollectAsync(request.BodyReader, maximum);
    }

    /// <summary>
    /// Waits for a body, and makes of all that the web server says about one that it cannot read what it says of most.
    /// A size of a chunk that no number holds, or a trailer that is no text, it reports like a defect of its own.
    /// </summary>
    /// <param name="body">The body that is waited for.</param>
    /// <returns>The body.</returns>
    /// <exception cref="BadHttpRequestException">It cannot be read.</exception>
    public static async ValueTask<ReadOnlySequence<byte>?> JudgeAsync(ValueTask<ReadOnlySequence<byte>?> body)
    {
        try
        {
            return await body;
        }
        catch (Exception e) when (e is IOException and not (BadHttpRequestException or ConnectionResetException) or InvalidOperationException)
        {
            throw new BadHttpRequestException("The body cannot be read.", StatusCodes.Status400BadRequest, e);
        }
    }

    private static async ValueTask<ReadOnlySequence<byte>?> CollectAsync(PipeReader body, int maximum)
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

            if (read.IsCompleted)
            {
                return read.Buffer;
            }

            body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private static async ValueTask<ReadOnlySequence<byte>?> DrainAsync(PipeReader body, long drained)
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

        return null;
    }
}
