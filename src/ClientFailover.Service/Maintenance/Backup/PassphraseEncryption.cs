using ClientFailover.Service.Hosting;
using Org.BouncyCastle.Bcpg;
using Org.BouncyCastle.Bcpg.OpenPgp;
using Org.BouncyCastle.Security;

namespace ClientFailover.Service.Maintenance.Backup;

/// <summary>
/// Responsible for encrypting a backup with a passphrase: an OpenPGP message (RFC 4880), AES-256 with a check of integrity, so
/// that <c>gpg --decrypt</c> opens it, too, should this program not be at hand.
/// </summary>
internal static class PassphraseEncryption
{
    private const int BufferSize = 64 * 1024;

    // The most the format allows, 65,011,712 bytes hashed for each guess (RFC 4880, 3.7.1.3).
    private const int MostIterations = 0xFF;

    private const int FirstBit = 0x80;

    /// <summary>Whether a file begins as a message does: each of its packets begins with this bit (RFC 4880, 4.2).</summary>
    /// <param name="first">Its first byte.</param>
    /// <returns>False: it is anything else.</returns>
    public static bool IsEncrypted(byte first) => (first & FirstBit) != 0;

    /// <summary>Encrypts.</summary>
    /// <param name="target">Takes the message; stays open.</param>
    /// <param name="passphrase">The passphrase.</param>
    /// <param name="created">When the content was made, UTC.</param>
    /// <param name="write">Writes the content.</param>
    public static void Encrypt(Stream target, string passphrase, DateTime created, Action<Stream> write)
    {
        var encryption = new PgpEncryptedDataGenerator(SymmetricKeyAlgorithmTag.Aes256, withIntegrityPacket: true, new SecureRandom());
        encryption.AddMethodUtf8(passphrase.ToCharArray(), HashAlgorithmTag.Sha512, MostIterations);
        using var encrypted = encryption.Open(target, new byte[BufferSize]);
        using var content = new PgpLiteralDataGenerator().Open(encrypted, PgpLiteralData.Binary, "client-failover-backup.zip", created, new byte[BufferSize]);
        write(content);
    }

    /// <summary>Decrypts.</summary>
    /// <param name="source">The message.</param>
    /// <param name="passphrase">The passphrase.</param>
    /// <param name="target">Takes the content.</param>
    /// <exception cref="MaintenanceException">The passphrase is another one, or the message is damaged.</exception>
    public static void Decrypt(Stream source, string passphrase, Stream target)
    {
        var (message, content) = Try(() => Open(source, passphrase));
        var buffer = new byte[BufferSize];

        // What fails in writing is no fault of the message.
        while (Try(() => content.Read(buffer)) is > 0 and var read)
        {
            target.Write(buffer, 0, read);
        }

        if (!Try(message.Verify))
        {
            throw Wrong(null);
        }
    }

    private static (PgpPbeEncryptedData Message, Stream Content) Open(Stream source, string passphrase) =>
        new PgpObjectFactory(source).NextPgpObject() is PgpEncryptedDataList list
        && list.GetEncryptedDataObjects().OfType<PgpPbeEncryptedData>().FirstOrDefault() is { } message
        && message.IsIntegrityProtected()
        && new PgpObjectFactory(message.GetDataStreamUtf8(passphrase.ToCharArray())).NextPgpObject() is PgpLiteralData content
            ? (message, content.GetInputStream())
            : throw Wrong(null);

    private static T Try<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is PgpException or IOException or InvalidOperationException or ArgumentException or IndexOutOfRangeException)
        {
            // The library's answers to bytes that make no sense.
            throw Wrong(e);
        }
    }

    private static MaintenanceException Wrong(Exception? cause) => new(
        ExitCodes.DataNotReadable, "NOT_DECRYPTED", "The backup cannot be decrypted: the passphrase is another one, or the file is damaged.", cause);
}
