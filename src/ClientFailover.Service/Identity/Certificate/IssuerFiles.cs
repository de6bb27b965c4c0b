using System.Security.Cryptography;
using ClientFailover.Service.Hosting;

namespace ClientFailover.Service.Identity.Certificate;

/// <summary>Responsible for reading whose certificates are taken, and again within a second when the files change.</summary>
internal sealed partial class IssuerFiles
{
    private static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(1);

    private readonly ServiceOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<IssuerFiles> _log;
    private readonly Lock _reading = new();
    private (DateTime, DateTime) _written;
    private (DateTime, DateTime)? _notReadable;
    private DateTime _seen;
    private long _checked;
    private TrustedIssuers _current;

    /// <summary>Reads the files.</summary>
    /// <param name="options">Where they are.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">The log.</param>
    /// <exception cref="StartupException">They cannot be read.</exception>
    public IssuerFiles(ServiceOptions options, TimeProvider time, ILogger<IssuerFiles> log)
    {
        (_options, _time, _log) = (options, time, log);
        _written = Written();
        _checked = time.GetTimestamp();
        try
        {
            _current = TrustedIssuers.Read(options);
        }
        catch (Exception e) when (IsOfTheFiles(e))
        {
            throw new StartupException(ExitCodes.InvalidSettings, e.Message, e);
        }

        CheckTime();
    }

    /// <summary>What they said last; another object when it may have changed.</summary>
    public TrustedIssuers Current => Volatile.Read(ref _current);

    /// <summary>Whether an exception is one of files that are missing, unreadable or not what they should be.</summary>
    /// <param name="exception">The exception.</param>
    /// <returns>Whether it is.</returns>
    public static bool IsOfTheFiles(Exception exception) => exception is CryptographicException or IOException or UnauthorizedAccessException;

    /// <summary>Reads them again if they changed. Costs next to nothing more than once a second.</summary>
    public void Refresh()
    {
        var last = Volatile.Read(ref _checked);
        var now = _time.GetTimestamp();
        if (_time.GetElapsedTime(last, now) < CheckInterval || Interlocked.CompareExchange(ref _checked, now, last) != last)
        {
            return;
        }

        lock (_reading)
        {
            var written = Written();
            if (written != _written)
            {
                Read(written);
            }

            CheckTime();
        }
    }

    // Times count as seen only once the files were read: what another program holds for a moment is read a second later.
    private void Read((DateTime, DateTime) written)
    {
        try
        {
            Volatile.Write(ref _current, TrustedIssuers.Read(_options));
            (_written, _notReadable, _seen) = (written, null, DateTime.MinValue);
            LogRead(_options.ClientCertificateIssuers);
        }
        catch (Exception e) when (IsOfTheFiles(e))
        {
            if (_notReadable != written)
            {
                _notReadable = written;
                LogNotReadable(e.Message);
            }
        }
    }

    private void CheckTime()
    {
        // Each of the lists in its turn: connections that are open were judged while it was current.
        var now = _time.GetUtcNow().UtcDateTime;
        if (_current.Passed(_seen, now) is { } next)
        {
            Volatile.Write(ref _current, _current.Again());
            LogPast(_options.ClientCertificateRevocationList, next);
        }

        _seen = now;
    }

    private (DateTime Issuers, DateTime List) Written() => (
        File.GetLastWriteTimeUtc(_options.ClientCertificateIssuers),
        _options.ClientCertificateRevocationList.Length == 0 ? default : File.GetLastWriteTimeUtc(_options.ClientCertificateRevocationList));
}
