using Microsoft.Extensions.Options;

namespace ClientFailover.Client;

/// <summary>Responsible for the rules of the configuration: each mistake says what, why and what to do. No value of a secret is told.</summary>
internal sealed class FailoverOptionsRules : IValidateOptions<FailoverOptions>
{
    private const int LongestId = 256;
    private const int LongestName = 256;
    private const int LongestDescription = 4096;
    private const long SmallestBuffer = 1L << 20;
    private static readonly TimeSpan LongestFailoverTimeout = TimeSpan.FromDays(1);
    private static readonly TimeSpan ShortestAge = TimeSpan.FromMinutes(1);

    /// <summary>Throws if there is any mistake.</summary>
    /// <exception cref="OptionsValidationException">All of them.</exception>
    public static void ThrowIfWrong(FailoverOptions options)
    {
        var mistakes = Check(options).ToList();
        if (mistakes.Count > 0)
        {
            throw new OptionsValidationException(nameof(FailoverOptions), typeof(FailoverOptions), mistakes);
        }
    }

    /// <summary>Finds all mistakes.</summary>
    public static IEnumerable<string> Check(FailoverOptions options) =>
        CheckIdentity(options).Concat(CheckBehaviour(options)).Concat(CheckService(options)).Concat(CheckCredentials(options)).Concat(CheckFiles(options));

    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, FailoverOptions options)
    {
        var mistakes = Check(options).ToList();
        return mistakes.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(mistakes);
    }

    private static IEnumerable<string> CheckIdentity(FailoverOptions options)
    {
        const string allowed =
            "1 to 256 characters, none of / \\ ? # %, no control characters, no blank at either end, and not \".\" or \"..\", because it stands in URLs";
        if (!IsId(options.FailoverGroupId ?? ""))
        {
            yield return $"FailoverGroupId '{options.FailoverGroupId}' is no id of a group: it must have {allowed}. Set it to the same id on every adapter of the group.";
        }

        if (options.SessionId is { Length: > 0 } session && !IsId(session))
        {
            yield return $"SessionId '{session}' is no id of a session: it must have {allowed}. Correct it, or leave it out to have it made from machine and program.";
        }

        if (options.Name?.Length > LongestName)
        {
            yield return $"Name has {options.Name.Length} characters, more than the service takes. Shorten it to {LongestName}.";
        }

        if (options.Description?.Length > LongestDescription)
        {
            yield return $"Description has {options.Description.Length} characters, more than the service takes. Shorten it to {LongestDescription}.";
        }
    }

    private static IEnumerable<string> CheckBehaviour(FailoverOptions options)
    {
        if (options.FailoverTimeout <= TimeSpan.Zero || options.FailoverTimeout > LongestFailoverTimeout)
        {
            yield return $"FailoverTimeout {options.FailoverTimeout} is no time to wait for an adapter. Set it to more than zero and at most a day, such as 00:01:00.";
        }

        if (!Enum.IsDefined(options.Mode))
        {
            yield return $"Mode {options.Mode} is not known. Set it to Hot, Warm or Cold.";
        }

        if (!Enum.IsDefined(options.Transport))
        {
            yield return $"Transport {options.Transport} is not known. Set it to Auto, Stream or Rest.";
        }

        if (!Enum.IsDefined(options.OnServiceLost))
        {
            yield return $"OnServiceLost {options.OnServiceLost} is not known. Set it to KeepRole or StepDown.";
        }

        if (options.Buffer is not { } buffer)
        {
            yield return "Buffer is null, so there is nowhere to keep data. Leave it as it is made.";
            yield break;
        }

        if (buffer.MaxSize < SmallestBuffer)
        {
            yield return $"Buffer.MaxSize {buffer.MaxSize} is too small to hold data over a failover. Set it to {SmallestBuffer} bytes or more.";
        }

        if (buffer.MaxAge < ShortestAge)
        {
            yield return $"Buffer.MaxAge {buffer.MaxAge} is too short to hold data over a failover. Set it to {ShortestAge} or more.";
        }
        else if (buffer.MaxAge < options.FailoverTimeout * 2)
        {
            yield return $"Buffer.MaxAge {buffer.MaxAge} is shorter than two failover timeouts, so data would be dropped before a failover is over. Set it to {options.FailoverTimeout * 2} or more.";
        }
    }

    private static IEnumerable<string> CheckService(FailoverOptions options)
    {
        if (options.Endpoint is null)
        {
            yield return "Endpoint is missing: without it there is no failover service to ask. Set it, such as https://host:5590/api/v1/clientfailover.";
        }
        else if (!IsEndpoint(options.Endpoint))
        {
            yield return $"Endpoint is no http or https address without user, query and fragment. Set it, such as https://host:5590/api/v1/clientfailover.";
        }

        for (var i = 0; i < options.AdditionalEndpoints.Count; i++)
        {
            if (options.AdditionalEndpoints[i] is not { } uri || !IsEndpoint(uri))
            {
                yield return $"AdditionalEndpoints:{i} is no http or https address without user, query and fragment. Correct it or leave it out.";
            }
        }

        if (options.TokenEndpoint is { } token && !IsEndpoint(token))
        {
            yield return "TokenEndpoint is no http or https address without user, query and fragment. Correct it, or leave it out to have it found by discovery.";
        }
    }

    private static IEnumerable<string> CheckCredentials(FailoverOptions options)
    {
        var (user, password) = (!string.IsNullOrEmpty(options.UserName), !string.IsNullOrEmpty(options.Password));
        var (client, secret) = (!string.IsNullOrEmpty(options.ClientId), !string.IsNullOrEmpty(options.ClientSecret));
        if ((user || password) && (client || secret))
        {
            yield return "UserName and Password, and ClientId and ClientSecret, are both set, but a call can carry one of them. Remove one pair.";
            yield break;
        }

        if (user != password)
        {
            yield return $"{(user ? "Password" : "UserName")} is missing: Basic authentication needs both. Set UserName and Password, or neither.";
        }
        else if (user && options.UserName!.Contains(':', StringComparison.Ordinal))
        {
            yield return "UserName has a colon, which Basic authentication cannot carry. Use another account.";
        }

        if (client != secret)
        {
            yield return $"{(client ? "ClientSecret" : "ClientId")} is missing: a token is given for both. Set ClientId and ClientSecret, or neither.";
        }
        else if (!client && options.TokenEndpoint is not null)
        {
            yield return "TokenEndpoint is set, but nothing to get a token for. Set ClientId and ClientSecret, or remove TokenEndpoint.";
        }
    }

    private static IEnumerable<string> CheckFiles(FailoverOptions options)
    {
        var files = new[]
        {
            (nameof(options.TrustedCertificateFile), options.TrustedCertificateFile),
            (nameof(options.ClientCertificateFile), options.ClientCertificateFile),
            (nameof(options.ClientCertificateKeyFile), options.ClientCertificateKeyFile),
        };
        foreach (var (name, file) in files)
        {
            if (file is { Length: > 0 } && !File.Exists(file))
            {
                yield return $"{name} '{file}' does not exist, or may not be read by this program. Correct the path or the access rights.";
            }
        }

        if (options.ClientCertificateFile is not { Length: > 0 }
            && (options.ClientCertificateKeyFile is { Length: > 0 } || options.ClientCertificatePassword is { Length: > 0 }))
        {
            yield return "ClientCertificateKeyFile or ClientCertificatePassword is set, but no ClientCertificateFile that it belongs to. Set it, or remove the others.";
        }

        if (options is { ValidateEndpointCertificate: false, TrustedCertificateFile.Length: > 0 })
        {
            yield return "TrustedCertificateFile is set, but ValidateEndpointCertificate is false, so it would not be looked at. Remove one of them.";
        }
    }

    // The service refuses the same: ids stand in URLs, and what a client, a proxy or a router would change is refused.
    private static bool IsId(string id)
    {
        if (id.Length is 0 or > LongestId || char.IsWhiteSpace(id[0]) || char.IsWhiteSpace(id[^1]) || id is "." or "..")
        {
            return false;
        }

        for (var i = 0; i < id.Length; i++)
        {
            if (char.IsControl(id[i]) || id[i] is '/' or '\\' or '?' or '#' or '%')
            {
                return false;
            }

            if (char.IsSurrogate(id[i]) && !(char.IsSurrogatePair(id, i) && ++i > 0))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsEndpoint(Uri uri) =>
        uri is { IsAbsoluteUri: true, UserInfo: "", Query: "", Fragment: "" } && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp);
}
