using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using ClientFailover.Samples.OmfReceiver.Omf;

namespace ClientFailover.Samples.OmfReceiver;

/// <summary>Responsible for who may send, and by what name a sender is known.</summary>
internal sealed class Access(ReceiverOptions options)
{
    /// <summary>The header by which senders that share an account tell their names.</summary>
    public const string NameHeader = "adapter-name";

    private const string Unknown = "unknown";

    private readonly byte[]? _expected = options.UserName is null ? null : Encoding.UTF8.GetBytes($"{options.UserName}:{options.Password}");

    /// <returns>The name of the sender: the header's, else the user's.</returns>
    /// <exception cref="RefusedException">401: it is not who may send.</exception>
    public string SenderOf(HttpRequest request)
    {
        var credentials = CredentialsOf(request);
        if (_expected is not null && !CryptographicOperations.FixedTimeEquals(credentials, _expected))
        {
            throw new RefusedException(StatusCodes.Status401Unauthorized, "User and password of Basic authentication are asked for.");
        }

        var name = request.Headers[NameHeader].ToString();
        if (name.Length == 0)
        {
            name = Encoding.UTF8.GetString(credentials).Split(':')[0];
        }

        return name.Length == 0 ? Unknown : name;
    }

    private static byte[] CredentialsOf(HttpRequest request)
    {
        try
        {
            return AuthenticationHeaderValue.TryParse(request.Headers.Authorization, out var header)
                && header.Scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase)
                ? Convert.FromBase64String(header.Parameter ?? "")
                : [];
        }
        catch (FormatException)
        {
            return [];
        }
    }
}
