using ClientFailover.Client.Connection.Credentials;
using Microsoft.Extensions.Logging;

namespace ClientFailover.Client.Connection;

/// <summary>Responsible for opening a link at one endpoint after the other, by the stream or by REST.</summary>
internal sealed partial class LinkOpener
{
    private static readonly TimeSpan RestPeriod = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan MostPatience = TimeSpan.FromSeconds(10);

    private readonly FailoverTransport _transport;
    private readonly ITransport _stream;
    private readonly ITransport _rest;
    private readonly ICredential? _credential;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly List<Site> _configured;
    private List<Site> _sites;
    private int _at;
    private int _failed;

    /// <summary>Knows where and how.</summary>
    /// <param name="options">The configuration, valid.</param>
    /// <param name="stream">The stream.</param>
    /// <param name="rest">REST.</param>
    /// <param name="credential">Who calls; null: nobody.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">The log.</param>
    public LinkOpener(FailoverOptions options, ITransport stream, ITransport rest, ICredential? credential, TimeProvider time, ILogger logger)
    {
        (_transport, _stream, _rest, _credential, _time, _logger) = (options.Transport, stream, rest, credential, time, logger);
        _configured = [.. new[] { options.Endpoint! }.Concat(options.AdditionalEndpoints).Select(e => new Site(new Endpoint(e)))];
        _sites = _configured;
    }

    /// <summary>The endpoint whose turn it is.</summary>
    public Endpoint Current => _sites[_at].Endpoint;

    /// <summary>Whether the stream is wanted, and REST only for want of it.</summary>
    public bool MayUpgrade => _transport == FailoverTransport.Auto;

    /// <summary>Whether a link that was lost may be had again soon. A fake's is lost when its service is: it waits for that.</summary>
    public bool MayReopen => !_stream.WaitsForService;

    /// <summary>Opens a link at the current endpoint.</summary>
    /// <exception cref="LinkException">It cannot be had.</exception>
    public async Task<ILink> OpenAsync(JoinRequest request, CancellationToken cancellation)
    {
        var site = _sites[_at];
        ILink link;
        try
        {
            link = await OpenAsync(site, request, cancellation).ConfigureAwait(false);
        }
        catch (LinkException e) when (e.Failure == LinkFailure.Unauthenticated && _credential?.Renew(null) == true)
        {
            // A token may have been withdrawn: one attempt with a new one.
            link = await OpenAsync(site, request, cancellation).ConfigureAwait(false);
        }

        _failed = 0;
        return link;
    }

    /// <summary>Opens a stream at the current endpoint, where REST was all that could be had.</summary>
    public Task<ILink> UpgradeAsync(JoinRequest request, CancellationToken cancellation) =>
        TryAsync(_stream, _sites[_at], request, cancellation);

    /// <summary>Opens a stream at the current endpoint with a new token, while the one before still counts.</summary>
    public Task<ILink> RenewAsync(JoinRequest request, CancellationToken cancellation)
    {
        _credential?.Renew(null);
        return TryAsync(_stream, _sites[_at], request, cancellation);
    }

    /// <summary>It is the next endpoint's turn.</summary>
    /// <returns>Whether each has had its turn since the last link.</returns>
    public bool Next()
    {
        _at = (_at + 1) % _sites.Count;
        return ++_failed % _sites.Count == 0;
    }

    /// <summary>The service says where it can be reached from now on. The configured endpoints stay.</summary>
    public void Prefer(IReadOnlyList<Uri> endpoints)
    {
        var current = Current;

        // Where the service is reached over TLS, credentials are not sent without it.
        var named = endpoints
            .Where(e => e.Scheme == Uri.UriSchemeHttps || (e.Scheme == Uri.UriSchemeHttp && current.Rest.Scheme == Uri.UriSchemeHttp))
            .Select(e => new Site(new Endpoint(e.AbsolutePath.Length > 1 ? e : new Uri(e, current.Rest.AbsolutePath))))
            .ToList();
        if (named.Count > 0)
        {
            (_sites, _at, _failed) = ([.. named, .. _configured], 0, 0);
        }
    }

    private async Task<ILink> OpenAsync(Site site, JoinRequest request, CancellationToken cancellation)
    {
        if (_transport == FailoverTransport.Rest || (_transport == FailoverTransport.Auto && site.IsRestOnly(_time)))
        {
            return await TryAsync(_rest, site, request, cancellation).ConfigureAwait(false);
        }

        try
        {
            var link = await TryAsync(_stream, site, request, cancellation).ConfigureAwait(false);
            site.StreamWorks();
            return link;
        }
        catch (LinkException e) when (_transport == FailoverTransport.Auto && site.MayBeRestOnly(e))
        {
            return await FallBackAsync(site, e, request, cancellation).ConfigureAwait(false);
        }
    }

    private async Task<ILink> FallBackAsync(Site site, LinkException cause, JoinRequest request, CancellationToken cancellation)
    {
        ILink link;
        try
        {
            link = await TryAsync(_rest, site, request, cancellation).ConfigureAwait(false);
        }
        catch (LinkException e) when (e.Failure == LinkFailure.Unreachable)
        {
            // Nothing answers REST either: it is the stream that is missed.
            throw cause.Failure == LinkFailure.NotStream ? e : cause;
        }

        site.IsRestOnlyFor(_time, RestPeriod);
        LogFallsBack(_logger, site.Endpoint, cause.Message);
        return link;
    }

    private async Task<ILink> TryAsync(ITransport transport, Site site, JoinRequest request, CancellationToken cancellation)
    {
        var endpoint = site.Endpoint;
        if (transport.WaitsForService)
        {
            return await transport.OpenAsync(endpoint, request, cancellation).ConfigureAwait(false);
        }

        // After one silence the service may have just started, whatever it did before.
        var longest = site.HasAnswered ? CallPatience.ForNext(request.KnownTimeout, MostPatience) : CallPatience.ForFirst(request.KnownTimeout, 0.5, MostPatience);
        site.HasAnswered = false;
        using var patience = new CancellationTokenSource(longest, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        try
        {
            var link = await transport.OpenAsync(endpoint, request, either.Token).ConfigureAwait(false);
            site.HasAnswered = true;
            return link;
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new LinkException(LinkFailure.Unreachable, $"No answer within {longest.TotalSeconds:0.##} s.", e) { IsSilence = true };
        }
    }

    [LoggerMessage(7050, LogLevel.Warning, "The failover service at {Endpoint} answers REST, but no stream can be had ({Cause}). REST it is; the stream is tried again every minute.")]
    private static partial void LogFallsBack(ILogger logger, Endpoint endpoint, string cause);

    /// <summary>An endpoint and what is known of it.</summary>
    private sealed class Site(Endpoint endpoint)
    {
        private const int SilencesBeforeRest = 2;

        private long? _restSince;
        private TimeSpan _restFor;
        private bool _streamWorked;
        private int _silences;

        public Endpoint Endpoint => endpoint;

        /// <summary>Whether the last attempt succeeded.</summary>
        public bool HasAnswered { get; set; }

        public bool IsRestOnly(TimeProvider time) => _restSince is { } since && time.GetElapsedTime(since) < _restFor;

        public void IsRestOnlyFor(TimeProvider time, TimeSpan period) => (_restSince, _restFor) = (time.GetTimestamp(), period);

        public void StreamWorks() => (_streamWorked, _silences, _restSince) = (true, 0, null);

        /// <summary>
        /// No gRPC is spoken there; or TLS was not agreed, which REST will find out too if it is for want of trust; or a hello is
        /// swallowed again and again, as by a proxy that waits for the end of a request. Where streams have worked, a service
        /// that starts or stops is the likelier reason for silence.
        /// </summary>
        public bool MayBeRestOnly(LinkException e)
        {
            _silences = e.IsSilence ? _silences + 1 : 0;
            return e.Failure == LinkFailure.NotStream || e.IsHandshake || (_silences >= SilencesBeforeRest && !_streamWorked);
        }
    }
}
