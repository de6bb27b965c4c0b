using ClientFailover.Service.Transport.Auditing;
using ClientFailover.Service.Transport.Authorization;
using ClientFailover.Service.Transport.Errors;
using ClientFailover.Service.Transport.Namespaces;
using ClientFailover.Service.Transport.Rest.Json;
using ClientFailover.Service.Transport.Validation;
using Google.Protobuf.WellKnownTypes;
using Microsoft.AspNetCore.Grpc.JsonTranscoding;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace ClientFailover.Service.Transport.Rest;

/// <summary>
/// Responsible for the conventions of the documented REST contract on one route, around transcoding's own handling.
/// Runs after authorization. What a route needs is found out once, so that a heartbeat pays for little more than a
/// few comparisons.
/// </summary>
internal sealed class RestEndpoint
{
    private readonly RequestDelegate _transcode;
    private readonly NamespaceScope _scope;
    private readonly RefusedAccess _refused;
    private readonly RestFailureWriter _failures;
    private readonly QueryParameters _query;
    private readonly int _maximumBody;
    private readonly BodyCheck? _body;
    private readonly DocumentBody? _document;
    private readonly bool _answersNothing;
    private readonly bool _isOfService;
    private readonly bool _streams;

    private RestEndpoint(RequestDelegate transcode, GrpcJsonTranscodingMetadata route, IServiceProvider services)
    {
        _transcode = transcode;
        _scope = services.GetRequiredService<NamespaceScope>();
        _refused = services.GetRequiredService<RefusedAccess>();
        _failures = services.GetRequiredService<RestFailureWriter>();
        _query = new QueryParameters(route.MethodDescriptor.InputType, route.HttpRule);
        _maximumBody = services.GetRequiredService<IOptions<TransportOptions>>().Value.MaxRequestBodySize;
        if (route.HttpRule.Body is { Length: > 0 } name)
        {
            var field = route.MethodDescriptor.InputType.FindFieldByName(name);
            var adds = route.HttpRule.PatternCase == Google.Api.HttpRule.PatternOneofCase.Post;
            _body = new BodyCheck(field, adds);
            _document = route.MethodDescriptor.InputType.ClrType.IsAssignableTo(typeof(IDocument)) ? new DocumentBody(field, adds) : null;
        }

        _answersNothing = route.MethodDescriptor.OutputType == Empty.Descriptor;
        _streams = route.MethodDescriptor.IsServerStreaming;
        _isOfService = Operations.Of($"/{route.MethodDescriptor.Service.FullName}/{route.MethodDescriptor.Name}").On == AccessTarget.Service;
    }

    /// <summary>Prepares an endpoint, and wraps it if it is one of REST.</summary>
    /// <param name="endpoint">The endpoint.</param>
    public static void Wrap(EndpointBuilder endpoint)
    {
        // The limit is a message's, and refused as the contract says. The server's own would break the connection.
        endpoint.Metadata.Add(new DisableRequestSizeLimitAttribute());
        if (endpoint.RequestDelegate is { } transcode
            && endpoint.Metadata.OfType<GrpcJsonTranscodingMetadata>().FirstOrDefault() is { } route)
        {
            endpoint.RequestDelegate = new RestEndpoint(transcode, route, endpoint.ApplicationServices).InvokeAsync;
        }
    }

    private Task InvokeAsync(HttpContext http)
    {
        if (!_isOfService && !_scope.Admits(http))
        {
            _refused.Record(http, Failures.NamespaceDenied.Code);
            return _failures.WriteAsync(http, StatusCodes.Status403Forbidden, Failures.NamespaceDenied);
        }

        if (http.Request.QueryString.HasValue)
        {
            var violations = default(Violations);
            _query.Read(ref violations, http.Request);
            if (violations.Any)
            {
                return _failures.WriteAsync(http, StatusCodes.Status400BadRequest, violations.ToFailure());
            }
        }

        if (_body is not null)
        {
            if (!RequestBody.IsJson(http.Request))
            {
                return _failures.WriteAsync(http, StatusCodes.Status415UnsupportedMediaType, RestFailures.WrongMediaType);
            }

            if (!RequestBody.IsPlain(http.Request))
            {
                http.Response.Headers.AcceptEncoding = "identity";
                return _failures.WriteAsync(http, StatusCodes.Status415UnsupportedMediaType, RestFailures.EncodedBody);
            }

            return CheckAndTranscodeAsync(http);
        }

        // Of a call without a body only its charset would be used: see RequestBody.
        if (http.Request.ContentType is not null)
        {
            http.Request.ContentType = null;
        }

        if (_streams)
        {
            http.Response.OnStarting(NameStreamType, http.Response);
        }

        return TranscodeAsync(http);
    }

    private async Task CheckAndTranscodeAsync(HttpContext http)
    {
        var peeked = RequestBody.PeekAsync(http.Request, _maximumBody);
        if ((peeked.IsCompletedSuccessfully ? peeked.Result : await RequestBody.JudgeAsync(peeked)) is not { } body)
        {
            await _failures.WriteAsync(http, StatusCodes.Status413PayloadTooLarge, RestFailures.TooLarge);
            return;
        }

        var problem = _body!.Find(body);
        if (_document is not null && problem is null)
        {
            var document = _document.Read(body);
            http.Features.Set(document);
            http.Request.BodyReader.AdvanceTo(body.End);
            http.Request.Body = new MemoryStream(document.Json, writable: false);
            await TranscodeAsync(http);
            return;
        }

        http.Request.BodyReader.AdvanceTo(body.Start, body.End);
        await (problem is null ? TranscodeAsync(http) : _failures.WriteAsync(http, StatusCodes.Status400BadRequest, Failures.Unreadable(problem)));
    }

    private Task TranscodeAsync(HttpContext http) => _answersNothing ? AnswerNothingAsync(http) : _transcode(http);

    private async Task AnswerNothingAsync(HttpContext http)
    {
        var response = http.Response;
        response.Body = new NoContentStream(response, response.Body);
        await _transcode(http);
        if (response.StatusCode == StatusCodes.Status200OK)
        {
            response.StatusCode = StatusCodes.Status204NoContent;
            response.ContentType = null;
        }
    }

    // Transcoding names the type of a single message for streams, too.
    private static Task NameStreamType(object state)
    {
        var response = (HttpResponse)state;
        if (response.StatusCode == StatusCodes.Status200OK)
        {
            response.ContentType = "application/x-ndjson";
        }

        return Task.CompletedTask;
    }
}
