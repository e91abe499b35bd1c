import { Kbd, Modal, Table } from '@mantine/core';
import { useText } from '../text/index.tsx';

export function KeysDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { keys, common } = useText();
  const rows: readonly (readonly [string, string])[] = [
    ['/', keys.filter],
    ['j', keys.down],
    ['k', keys.up],
    ['e', keys.expand],
    ['Enter', keys.open],
    ['a', keys.acknowledge],
    ['s', keys.silence],
    ['?', keys.help],
    ['Esc', keys.close],
  ];
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={keys.title}
      size="sm"
      closeButtonProps={{ 'aria-label': common.close }}
    >
      <Table>
        <Table.Tbody>
          {rows.map(([key, what]) => (
            <Table.Tr key={key}>
              <Table.Td>
                <Kbd>{key}</Kbd>
              </Table.Td>
              <Table.Td>{what}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Modal>
  );
}
